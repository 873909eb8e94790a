package opml.model;

import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import opml.catalog.ModelImage;
import opml.inference.CorruptedEngine;
import opml.inference.Engine;
import opml.outbox.Parties;
import opml.role.Roles;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Models on a machine whose memory is broken where the guest looks for the text of a token. */
@Alternative
@Singleton
public class FaultingModels extends Models {
  FaultingModels(
      @ConfigProperty(name = "opml.models") List<Path> folders,
      @ConfigProperty(name = "opml.home") Path home,
      @ConfigProperty(name = "opml.inference.threads") int threads,
      Parties parties,
      Roles roles) {
    super(folders, home, threads, parties, roles);
  }

  @Override
  Engine engine(ModelImage image) {
    return CorruptedEngine.textless(image);
  }
}
