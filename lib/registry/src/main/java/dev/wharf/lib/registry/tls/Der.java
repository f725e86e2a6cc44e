package dev.wharf.lib.registry.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;

/** Wraps the older key formats into PKCS #8, which the JDK reads. Source: ITU-T X.690. */
final class Der {
    private static final int INTEGER = 0x02;
    private static final int OCTETS = 0x04;
    private static final int SEQUENCE = 0x30;
    private static final int EC_PARAMETERS = 0xA0;

    private static final byte[] VERSION_0 = element(INTEGER, new byte[] {0});
    private static final byte[] RSA = HexFormat.of().parseHex("06092a864886f70d0101010500");
    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

    private Der() {}

    static byte[] pkcs8OfRsa(byte[] key) {
        return pkcs8(RSA, key);
    }

    /** The curve stands inside of the key and is repeated outside of it. */
    static byte[] pkcs8OfEc(byte[] key) throws IOException {
        return pkcs8(concat(EC, curve(key)), key);
    }

    private static byte[] pkcs8(byte[] algorithm, byte[] key) {
        return element(SEQUENCE, concat(VERSION_0, element(SEQUENCE, algorithm), element(OCTETS, key)));
    }

    private static byte[] curve(byte[] key) throws IOException {
        Reader sequence = new Reader(new Reader(key).next(SEQUENCE));
        while (sequence.hasNext()) {
            if (sequence.tag() == EC_PARAMETERS) {
                return sequence.next(EC_PARAMETERS);
            }
            sequence.next(sequence.tag());
        }
        throw new IOException("the EC private key does not name its curve");
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** Steps through elements side by side. */
    private static final class Reader {
        private final byte[] bytes;
        private int at;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        boolean hasNext() {
            return at < bytes.length;
        }

        int tag() {
            return bytes[at] & 0xFF;
        }

        /** The content of the element here, which must have the tag. */
        byte[] next(int tag) throws IOException {
            if (bytes.length - at < 2 || tag() != tag) {
                throw new IOException("the EC private key is malformed");
            }
            int length = bytes[at + 1] & 0xFF;
            int start = at + 2;
            if (length > 0x82 || length == 0x80 || (length > 0x80 && bytes.length - start < length - 0x80)) {
                throw new IOException("the EC private key is malformed");
            }
            if (length > 0x80) {
                int digits = length - 0x80;
                length = 0;
                for (int i = 0; i < digits; i++) {
                    length = length << 8 | bytes[start++] & 0xFF;
                }
            }
            if (length > bytes.length - start) {
                throw new IOException("the EC private key is malformed");
            }
            at = start + length;
            return Arrays.copyOfRange(bytes, start, at);
        }
    }
}
