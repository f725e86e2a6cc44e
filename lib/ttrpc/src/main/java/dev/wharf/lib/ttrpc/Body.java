package dev.wharf.lib.ttrpc;

import com.google.protobuf.CodedOutputStream;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A message that a marshaller gave as a stream, with its length known before it is written. */
final class Body {
    static final Body EMPTY = new Body(InputStream.nullInputStream(), 0);

    private final InputStream in;
    private final int length;

    private Body(InputStream in, int length) {
        this.in = in;
        this.length = length;
    }

    /** Takes the stream over. One that does not know its length is read, up to just over the wire's limit. */
    static Body of(InputStream in) throws IOException {
        if (in instanceof KnownLength) {
            return new Body(in, in.available());
        }
        try (in) {
            byte[] read = in.readNBytes(Wire.MAX_BODY_BYTES + 1);
            return new Body(new ByteArrayInputStream(read), read.length);
        }
    }

    int length() {
        return length;
    }

    /** Writes the message once; a second call would find the stream empty. */
    void writeTo(CodedOutputStream out) throws IOException {
        OutputStream sink = new Sink(out);
        try (in) {
            if (in instanceof Drainable drainable) {
                drainable.drainTo(sink);
            } else {
                in.transferTo(sink);
            }
        }
    }

    private static final class Sink extends OutputStream {
        private final CodedOutputStream out;

        Sink(CodedOutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            out.write((byte) b);
        }

        @Override
        public void write(byte[] b, int off, int len) throws IOException {
            out.write(b, off, len);
        }
    }
}
