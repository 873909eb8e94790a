package opml.dispute;

import opml.catalog.ModelImage;
import opml.machine.Pages;

/** The program of an imported model. */
public final class ImageProgram {
  private ImageProgram() {}

  /** Run by the virtual machine alone. */
  public static Program interpreted(ModelImage image) {
    Pages code = image.code();
    return new MachineProgram(image.sizes(), code, image.weights());
  }
}
