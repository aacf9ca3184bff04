package io.pipeline.dataflow.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Details of rejections, the same as those of rejection-details.spec.ts. */
class RejectionDetailsTest {
  private static Rejection rejection(String text) {
    return EventDecoder.decode(text.getBytes(StandardCharsets.UTF_8), Map.of()).rejection();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          {"a":1 | cut off after 6 bytes: expected a comma or the end of the object or array
          {"a":tru | cut off after 8 bytes: expected a JSON value
          {"a":"\\u12 | cut off after 10 bytes: expected an escape that JSON has
          { | cut off after 1 bytes: expected a key in double quotes or }
          [1, | cut off after 3 bytes: expected a JSON value
          {"a":-Infinity} | line 1, column 6: NaN or Infinity, which JSON does not have: leave the field out or write a string; expected a JSON value
          [Infinity] | line 1, column 2: NaN or Infinity, which JSON does not have: leave the field out or write a string; expected a JSON value or ]
          {"a":undefined} | line 1, column 6: undefined, which JSON does not have: leave the field out; expected a JSON value
          {"a":True} | line 1, column 6: a Python literal; JSON has true, false and null: use json.dumps; expected a JSON value
          {'a':1} | line 1, column 2: a single quote; JSON's strings have double quotes; expected a key in double quotes or }
          {"a":NULL} | line 1, column 6: a literal in capitals; JSON has true, false and null; expected a JSON value
          {"a":1,} | line 1, column 8: a comma after the last element, which JSON does not allow; expected a key in double quotes
          {"a":[1,2, ]} | line 1, column 12: a comma after the last element, which JSON does not allow; expected a JSON value
          {"a":1,,"b":2} | line 1, column 8: the character ,; expected a key in double quotes
          {"a":1 /* x */} | line 1, column 8: a comment, which JSON does not have; expected a comma or the end of the object or array
          {a:1} | line 1, column 2: a key without double quotes; expected a key in double quotes or }
          {"a" 1} | line 1, column 6: a digit; expected a colon
          {"a":007} | line 1, column 7: a number with a leading zero, which JSON does not have; expected a comma or the end of the object or array
          {"a":.5} | line 1, column 6: a number that begins with + or a point, which JSON does not have; expected a JSON value
          {"a":0x1F} | line 1, column 7: a number that is not decimal; expected a comma or the end of the object or array
          {"a":1}{"a":2} {"a":3} | 3 JSON values, the second at line 1, column 8; publish each as a message of its own
          {"a":1}x | line 1, column 8: a letter after the JSON value; expected the end of the data
          <order><id>7</id></order> | the data is XML or HTML; publish JSON
          id=7&name=x%20y | the data is form data (name=value); publish JSON
          eyJhIjoxfQ== | the data is base64 of JSON; publish the JSON itself, the client encodes it
          PAR1xyz | the data is a Parquet file; publish JSON
          """)
  void ofTextThatIsNotJson(String text, String detail) {
    assertEquals(new Rejection(RejectionCode.NOT_JSON, detail, null), rejection(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          {"a":1,"a":2} | the key "a" occurs twice in one object: line 1, column 2 and line 1, column 8
          {"x":[{"b":{"c":1},"\\u0062":3}]} | the key "b" occurs twice in one object: line 1, column 8 and line 1, column 20
          """)
  void ofADuplicateKey(String text, String detail) {
    assertEquals(new Rejection(RejectionCode.DUPLICATE_KEY, detail, null), rejection(text));
  }

  @Test
  void ofBothPlacesOfALongKeyOnTwoLines() {
    String key = "k".repeat(200);

    assertEquals(
        new Rejection(
            RejectionCode.DUPLICATE_KEY,
            "the key \""
                + "k".repeat(100)
                + "…\" occurs twice in one object: line 1, column 2 and line 2, column 1",
            null),
        rejection("{\"" + key + "\":1,\n\"" + key + "\":2}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          ^{"a":1,\n"\\ud800":2}^ | the key at line 2, column 1 holds an unpaired surrogate
          {"\\udc00x":2} | the key at line 1, column 2 holds an unpaired surrogate
          {"漢😀":[{"a":{"b\\ud800c":1},"\\ud801":2}]} | the key at line 1, column 15 holds an unpaired surrogate
          """)
  void ofAKeyThatIsNotUnicode(String text, String detail) {
    assertEquals(new Rejection(RejectionCode.KEY_NOT_UNICODE, detail, null), rejection(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          [{"a":1},{"a":2}] | the data is an array of 2 events; publish each element as a message of its own
          [{"a":1}] | the data is an array of 1 event; publish each element as a message of its own
          [1,2,3] | the data is an array of 3 values; publish each element as a message of its own
          [] | the data is an empty array, not an object
          "{\\"a\\":1}" | the data is a string that holds JSON; publish the object itself, encoded once
          "x" | the data is of kind string, not an object
          null | the data is of kind null, not an object
          """)
  void ofARootThatIsNotAnObject(String text, String detail) {
    assertEquals(new Rejection(RejectionCode.NOT_AN_OBJECT, detail, null), rejection(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":secret}",
        "{\"a\":\"secret\" \"b\"}",
        "{\"a\":1}secret",
        "secret",
        "{\"a\":\"x\u0001secret\"}"
      })
  void holdNoValueOfTheEvent(String text) {
    assertFalse(rejection(text).detail().contains("secret"), rejection(text).detail());
  }
}
