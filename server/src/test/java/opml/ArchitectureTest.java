package opml;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules that begin with never (docs/architecture.md). */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("opml");

  @Test
  void allOfTheServerIsLookedAt() {
    assertTrue(CLASSES.contain("opml.games.Games") && CLASSES.contain("opml.chain.Chain"));
  }

  @Test
  void onlyTheChainKnowsWeb3j() {
    noClasses()
        .that()
        .resideOutsideOfPackage("opml.chain")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.web3j..")
        .check(CLASSES);
  }

  @Test
  void onlyResourcesAndTheErrorMapperKnowRest() {
    noClasses()
        .that()
        .haveNameNotMatching(".*(Resource|ProblemMapper)(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jakarta.ws.rs..")
        .check(CLASSES);
  }

  @Test
  void entitiesStayInTheirPackage() {
    classes()
        .that()
        .areAnnotatedWith("jakarta.persistence.Entity")
        .should()
        .bePackagePrivate()
        .check(CLASSES);
  }

  @Test
  void domainsHaveNoCycles() {
    slices().matching("opml.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void disputesKnowNothingOfTheServer() {
    noClasses()
        .that()
        .resideInAnyPackage("opml.dispute", "opml.chain", "opml.inference")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.quarkus..", "jakarta..", "opml.prompt", "opml.outbox")
        .check(CLASSES);
  }

  @Test
  void theSharedMachineNeedsNothing() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "opml.commitment", "opml.machine", "opml.step", "opml.game", "opml.guest")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io..", "jakarta..", "org.web3j..", "com..", "opml.chain")
        .check(CLASSES);
  }

  @Test
  void packagesAreNamedByWhatTheyAreAbout() {
    noClasses()
        .should()
        .resideInAnyPackage("..util..", "..common..", "..dto..", "..impl..", "..manager..")
        .check(CLASSES);
  }
}
