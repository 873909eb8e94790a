package opml.jit;

import static java.lang.constant.ConstantDescs.CD_Float;
import static java.lang.constant.ConstantDescs.CD_Long;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import opml.machine.AddressSpace;
import opml.machine.HostCode;
import opml.machine.Interpreter;

/** Classes and methods that generated code names. */
final class Names {
  static final ClassDesc LONG = CD_long;
  static final ClassDesc INTS = CD_int.arrayType();
  static final ClassDesc LONGS = CD_long.arrayType();
  static final ClassDesc PAGES = INTS.arrayType();
  static final ClassDesc CPU = Interpreter.class.describeConstable().orElseThrow();
  static final ClassDesc SPACE = AddressSpace.class.describeConstable().orElseThrow();
  static final ClassDesc HOST_CODE = HostCode.class.describeConstable().orElseThrow();
  static final ClassDesc ACCESS = Access.class.describeConstable().orElseThrow();
  static final ClassDesc FAULT = Access.Fault.class.describeConstable().orElseThrow();
  static final ClassDesc NUMBERS = Numbers.class.describeConstable().orElseThrow();
  static final ClassDesc UNSIGNED = CD_Long;
  static final ClassDesc FLOATS = CD_Float;

  static final MethodTypeDesc RUN = MethodTypeDesc.of(CD_int, CPU, CD_int, CD_int);
  static final MethodTypeDesc BINARY = MethodTypeDesc.of(CD_long, CD_long, CD_long);
  static final MethodTypeDesc COMPARE = MethodTypeDesc.of(CD_int, CD_long, CD_long);
  static final MethodTypeDesc COMPUTE =
      MethodTypeDesc.of(CD_long, CD_long, CD_long, CD_int, CD_int);
  static final MethodTypeDesc TO_FLOAT = MethodTypeDesc.of(CD_float, CD_int);
  static final MethodTypeDesc TO_BITS = MethodTypeDesc.of(CD_int, CD_float);
  static final MethodTypeDesc FROM_HALF = MethodTypeDesc.of(CD_float, CD_short);
  static final MethodTypeDesc LOAD = MethodTypeDesc.of(CD_long, CD_long, LONGS, PAGES, SPACE);
  static final MethodTypeDesc STORE =
      MethodTypeDesc.of(CD_void, CD_long, CD_long, LONGS, PAGES, SPACE);
  static final MethodTypeDesc VECTOR =
      MethodTypeDesc.of(CD_void, CD_long, LONGS, PAGES, SPACE, INTS);
  static final MethodTypeDesc DOT = MethodTypeDesc.of(CD_long, CD_long, LONGS, PAGES, SPACE, INTS);

  /** By op from LB and SB on. */
  static final List<String> LOADS = List.of("lb", "lh", "lw", "ld", "lbu", "lhu", "lwu");

  static final List<String> STORES = List.of("sb", "sh", "sw", "sd");

  private Names() {}
}
