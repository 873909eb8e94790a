package opml.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoReportTest {
  @ParameterizedTest
  @CsvSource({
    "1 2 993 0 0 1 2 1 0 0 1, '1, for 99.3 %'",
    "9 0 0 0 0 0 0 0 0 0 1000, '9, for 100.0 %'",
    "2 + 3 = 5., 2 + 3 = 5.",
    "1 2 993, 1 2 993",
  })
  void answersAreToldAsPeopleReadThem(String answer, String words) {
    assertEquals(words, DemoReport.inWords(answer));
  }
}
