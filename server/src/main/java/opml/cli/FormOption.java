package opml.cli;

import opml.catalog.ActivationForm;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --form}: the activations that a file is imported with. */
final class FormOption {
  @Option(
      names = "--form",
      converter = Forms.class,
      defaultValue = "exact",
      description = "Activations of 15 bits (exact, the default) or 11 (fast).")
  ActivationForm form;

  /** Reads exact and fast. */
  static final class Forms implements ITypeConverter<ActivationForm> {
    @Override
    public ActivationForm convert(String word) {
      for (ActivationForm form : ActivationForm.values()) {
        if (form.toString().equals(word)) {
          return form;
        }
      }
      throw new TypeConversionException("'" + word + "' is neither exact nor fast");
    }
  }
}
