package io.pipeline.dataflow.json;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks gzip data within a limit. Java's own stream ignores bytes after the last member.
 *
 * <p>Source: RFC 1952, read 2026-11-29.
 */
final class Unpack {
  /** Most bytes of a message once it is unpacked. Pub/Sub itself accepts 10 MB. */
  static final int MAX_UNPACKED_BYTES = 20_000_000;

  private static final int HEADER_BYTES = 10;
  private static final int TRAILER_BYTES = 8;
  private static final int HAS_HEADER_CRC = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;
  private static final int RESERVED = 0xe0;
  private static final int DEFLATE = 8;

  private final byte[] data;
  private final ByteArrayOutputStream out;
  private int at;

  private Unpack(byte[] data) {
    this.data = data;
    this.out = new ByteArrayOutputStream(Math.min(MAX_UNPACKED_BYTES, 4 * data.length + 64));
  }

  /** The unpacked bytes, or the rejection: exactly one of the two is not null. */
  static final class Result {
    final byte[] bytes;
    final Decoded rejection;

    Result(byte[] bytes, Decoded rejection) {
      this.bytes = bytes;
      this.rejection = rejection;
    }
  }

  private static final class NotGzip extends Exception {
    NotGzip(String problem) {
      super(problem);
    }
  }

  private static final class TooLarge extends Exception {}

  /**
   * Returns the bytes of the event: unpacked if the attribute {@code content-encoding} is {@code
   * gzip}, without a byte order mark.
   *
   * <p>Rejections: NOT_DECOMPRESSIBLE for data that is not gzip to its last byte (several members
   * are allowed), TOO_LARGE beyond 20,000,000 bytes, without unpacking the rest.
   */
  static Result of(byte[] data, Map<String, String> attributes) {
    byte[] bytes = data;
    if ("gzip".equalsIgnoreCase(attributes.get("content-encoding"))) {
      try {
        bytes = new Unpack(data).members();
      } catch (NotGzip refused) {
        return new Result(
            null,
            Decoded.rejected(
                RejectionCode.NOT_DECOMPRESSIBLE,
                "content-encoding is gzip, but " + refused.getMessage()));
      } catch (TooLarge refused) {
        return tooLarge();
      }
    }
    if (bytes.length > MAX_UNPACKED_BYTES) {
      return tooLarge();
    }
    boolean hasMark = Utf8Text.startsWithMark(bytes);
    return new Result(hasMark ? Arrays.copyOfRange(bytes, 3, bytes.length) : bytes, null);
  }

  private static Result tooLarge() {
    return new Result(
        null,
        Decoded.rejected(
            RejectionCode.TOO_LARGE,
            "the data has more than " + MAX_UNPACKED_BYTES + " bytes, unpacked"));
  }

  private byte[] members() throws NotGzip, TooLarge {
    do {
      skipHeader();
      inflate();
    } while (at < data.length);
    return out.toByteArray();
  }

  private void skipHeader() throws NotGzip {
    int start = at;
    if (start > 0 && !hasMagic()) {
      throw new NotGzip((data.length - start) + " bytes follow the gzip data");
    }
    require(HEADER_BYTES);
    int flags = data[at + 3] & 0xff;
    if (!hasMagic() || data[at + 2] != DEFLATE || (flags & RESERVED) != 0) {
      throw new NotGzip("the data is not gzip, or its checksum is wrong");
    }
    at += HEADER_BYTES;
    if ((flags & HAS_EXTRA) != 0) {
      require(2);
      int length = (data[at] & 0xff) | (data[at + 1] & 0xff) << 8;
      require(2 + length);
      at += 2 + length;
    }
    skipText((flags & HAS_NAME) != 0);
    skipText((flags & HAS_COMMENT) != 0);
    if ((flags & HAS_HEADER_CRC) != 0) {
      require(2);
      CRC32 crc = new CRC32();
      crc.update(data, start, at - start);
      checkSum((data[at] & 0xff) | (data[at + 1] & 0xff) << 8, crc.getValue() & 0xffff);
      at += 2;
    }
  }

  private boolean hasMagic() {
    return data.length - at >= 2 && data[at] == (byte) 0x1f && data[at + 1] == (byte) 0x8b;
  }

  private void skipText(boolean isPresent) throws NotGzip {
    if (!isPresent) {
      return;
    }
    while (at < data.length && data[at] != 0) {
      at++;
    }
    require(1);
    at++;
  }

  private void require(int bytes) throws NotGzip {
    if (data.length - at < bytes) {
      throw new NotGzip(
          data.length >= 2 && data[0] == (byte) 0x1f && data[1] == (byte) 0x8b
              ? "the gzip data is cut off"
              : "the data is not gzip, or its checksum is wrong");
    }
  }

  private void inflate() throws NotGzip, TooLarge {
    Inflater inflater = new Inflater(true);
    CRC32 crc = new CRC32();
    byte[] buffer = new byte[64 * 1024];
    try {
      inflater.setInput(data, at, data.length - at);
      while (!inflater.finished()) {
        int count = inflater.inflate(buffer);
        if (count == 0 && !inflater.finished()) {
          throw new NotGzip(
              inflater.needsInput()
                  ? "the gzip data is cut off"
                  : "the data is not gzip, or its checksum is wrong");
        }
        if (out.size() + count > MAX_UNPACKED_BYTES) {
          throw new TooLarge();
        }
        crc.update(buffer, 0, count);
        out.write(buffer, 0, count);
      }
      at += (int) inflater.getBytesRead();
      require(TRAILER_BYTES);
      checkSum(littleEndian(at), crc.getValue());
      checkSum(littleEndian(at + 4), inflater.getBytesWritten() & 0xffffffffL);
      at += TRAILER_BYTES;
    } catch (DataFormatException broken) {
      throw new NotGzip("the data is not gzip, or its checksum is wrong");
    } finally {
      inflater.end();
    }
  }

  private long littleEndian(int from) {
    long value = 0;
    for (int i = 3; i >= 0; i--) {
      value = value << 8 | (data[from + i] & 0xff);
    }
    return value;
  }

  private static void checkSum(long written, long computed) throws NotGzip {
    if (written != computed) {
      throw new NotGzip("the data is not gzip, or its checksum is wrong");
    }
  }
}
