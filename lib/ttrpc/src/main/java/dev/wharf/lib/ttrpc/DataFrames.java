package dev.wharf.lib.ttrpc;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;

/** Makes data frames: one message of a stream, or its end. */
final class DataFrames {
    /** A message. Throws RESOURCE_EXHAUSTED where it is over the limit. */
    static Frame message(int streamId, Body body) throws IOException {
        if (body.length() > Wire.MAX_BODY_BYTES) {
            throw Wire.oversized(body.length()).asRuntimeException();
        }
        Frame frame = new Frame(streamId, Wire.TYPE_DATA, 0, body.length());
        CodedOutputStream out = CodedOutputStream.newInstance(frame.bytes(), Wire.HEADER_BYTES, body.length());
        body.writeTo(out);
        out.checkNoSpaceLeft();
        return frame;
    }

    /** The end of what this side sends. */
    static Frame end(int streamId) {
        return new Frame(streamId, Wire.TYPE_DATA, Wire.FLAG_REMOTE_CLOSED | Wire.FLAG_NO_DATA, 0);
    }

    private DataFrames() {}
}
