package opml.guest;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The translator makes one routine of such a method for each set of constant arguments that it is
 * called with: one source for all formats, no decision left in the image.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
@interface Specialized {}
