package opml.chain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.web3j.abi.TypeEncoder;
import org.web3j.abi.datatypes.DynamicArray;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.Utf8String;

class AbiCodecTest {
  private static AbiType type(String type) throws IOException {
    return AbiType.of(new ObjectMapper().readTree("{\"type\":\"" + type + "\"}"));
  }

  private static void survives(String type, Object value) throws IOException {
    List<AbiType> types = List.of(type(type), type("uint8"));
    byte[] encoded = AbiCodec.encode(types, List.of(value, 7L));
    assertArrayEquals(new Object[] {value, 7L}, AbiCodec.decode(types, encoded).toArray(), type);
  }

  @Test
  void everyKindOfValueSurvives() throws IOException {
    survives("uint64", -1L);
    survives("int64", -5L);
    survives("int256", BigInteger.TWO.pow(200).negate());
    survives("uint256", BigInteger.TWO.pow(256).subtract(BigInteger.ONE));
    survives("bool", true);
    survives("address", "0x00000000000000000000000000000000000a11ce");
    survives("bytes6", new byte[] {1, 2, 3, 4, 5, 6});
    survives("bytes", new byte[33]);
    survives("string", "grün");
    survives("uint32[]", List.of(1L, 2L, 3L));
    survives("uint32[2]", List.of(1L, 2L));
    survives("string[][]", List.of(List.of("a", "bc"), List.of()));
  }

  @Test
  void encodingsEqualThoseOfAnIndependentCoder() throws IOException {
    byte[] bytes = {1, 2, 3};
    String expected =
        TypeEncoder.encode(
            new DynamicArray<>(
                DynamicBytes.class, List.of(new DynamicBytes(bytes), new DynamicBytes(bytes))));
    byte[] own = AbiCodec.encode(List.of(type("bytes[]")), List.of(List.of(bytes, bytes)));
    assertArrayEquals(Hex.bytes(expected), Arrays.copyOfRange(own, 32, own.length));
    byte[] text = AbiCodec.encode(List.of(type("string")), List.of("hi"));
    assertArrayEquals(
        Hex.bytes(TypeEncoder.encode(new Utf8String("hi"))),
        Arrays.copyOfRange(text, 32, text.length));
  }

  @Test
  void aValueOfTheWrongLengthIsRefused() throws IOException {
    List<AbiType> types = List.of(type("bytes32"));
    assertThrows(
        IllegalArgumentException.class, () -> AbiCodec.encode(types, List.of(new byte[31])));
    assertThrows(IllegalArgumentException.class, () -> AbiCodec.encode(types, List.of()));
  }

  @Test
  void signaturesAreCanonical() throws IOException {
    String tuple =
        "{\"type\":\"tuple[]\",\"components\":[{\"type\":\"uint8\"},{\"type\":\"bytes\"}]}";
    assertEquals("(uint8,bytes)[]", AbiType.of(new ObjectMapper().readTree(tuple)).canonical());
  }
}
