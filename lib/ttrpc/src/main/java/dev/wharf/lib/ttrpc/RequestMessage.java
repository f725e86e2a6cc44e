package dev.wharf.lib.ttrpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.wharf.lib.ttrpc.MetadataFields.Pair;
import io.grpc.Metadata;
import java.io.IOException;
import java.util.List;

/**
 * The body of a request frame: {@code service 1, method 2, payload 3, timeout_nano 4, metadata 5}
 * (github.com/containerd/ttrpc, request.proto).
 *
 * @param service name of the service with its package
 * @param method name of the method alone
 * @param payload the encoded request message
 * @param timeoutNano what is left of the caller's deadline in nanoseconds; 0 where it has none
 * @param headers the caller's metadata
 */
record RequestMessage(String service, String method, Payload payload, long timeoutNano, Metadata headers) {
    private static final int SERVICE = 1;
    private static final int METHOD = 2;
    private static final int PAYLOAD = 3;
    private static final int TIMEOUT_NANO = 4;
    private static final int METADATA = 5;
    private static final int KEY = 1;
    private static final int VALUE = 2;

    /** Reads a body; the payload stays inside it. Throws where it is not such a message. */
    static RequestMessage parse(Payload body) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(body.buffer(), body.offset(), body.length());
        String service = "";
        String method = "";
        Payload payload = Payload.EMPTY;
        long timeout = 0;
        Metadata headers = new Metadata();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == tag(SERVICE)) {
                service = in.readStringRequireUtf8();
            } else if (tag == tag(METHOD)) {
                method = in.readStringRequireUtf8();
            } else if (tag == tag(PAYLOAD)) {
                payload = readSlice(in, body);
            } else if (tag == (TIMEOUT_NANO << 3 | WireFormat.WIRETYPE_VARINT)) {
                timeout = in.readInt64();
            } else if (tag == tag(METADATA)) {
                MetadataFields.put(headers, readPair(in));
            } else {
                in.skipField(tag);
            }
        }
        return new RequestMessage(service, method, payload, timeout, headers);
    }

    /** Reads a length-delimited field as a part of the body it stands in. */
    static Payload readSlice(CodedInputStream in, Payload body) throws IOException {
        int length = in.readRawVarint32();
        int from = in.getTotalBytesRead();
        in.skipRawBytes(length);
        return body.slice(from, length);
    }

    static int tag(int field) {
        return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    private static Pair readPair(CodedInputStream in) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        String key = "";
        String value = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == tag(KEY)) {
                key = in.readStringRequireUtf8();
            } else if (tag == tag(VALUE)) {
                value = in.readStringRequireUtf8();
            } else {
                in.skipField(tag);
            }
        }
        in.checkLastTagWas(0);
        in.popLimit(outer);
        return new Pair(key, value);
    }

    /** The frame of a request, its stream id still 0. Throws RESOURCE_EXHAUSTED where it is over the limit. */
    static Frame frame(int flags, String service, String method, Body payload, long timeoutNano, Metadata headers)
            throws IOException {
        List<Pair> pairs = MetadataFields.pairs(headers);
        long size = (long) CodedOutputStream.computeStringSize(SERVICE, service)
                + CodedOutputStream.computeStringSize(METHOD, method)
                + bytesSize(PAYLOAD, payload)
                + (timeoutNano == 0 ? 0 : CodedOutputStream.computeInt64Size(TIMEOUT_NANO, timeoutNano));
        for (Pair pair : pairs) {
            int inner = pairSize(pair);
            size += CodedOutputStream.computeTagSize(METADATA)
                    + CodedOutputStream.computeUInt32SizeNoTag(inner)
                    + inner;
        }
        if (size > Wire.MAX_BODY_BYTES) {
            throw Wire.oversized(size).asRuntimeException();
        }
        Frame frame = new Frame(0, Wire.TYPE_REQUEST, flags, (int) size);
        CodedOutputStream out = CodedOutputStream.newInstance(frame.bytes(), Wire.HEADER_BYTES, (int) size);
        out.writeString(SERVICE, service);
        out.writeString(METHOD, method);
        writeBytes(out, PAYLOAD, payload);
        if (timeoutNano != 0) {
            out.writeInt64(TIMEOUT_NANO, timeoutNano);
        }
        for (Pair pair : pairs) {
            out.writeTag(METADATA, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt32NoTag(pairSize(pair));
            out.writeString(KEY, pair.key());
            out.writeString(VALUE, pair.value());
        }
        out.checkNoSpaceLeft();
        return frame;
    }

    private static int pairSize(Pair pair) {
        return CodedOutputStream.computeStringSize(KEY, pair.key())
                + CodedOutputStream.computeStringSize(VALUE, pair.value());
    }

    /** Size of a bytes field; one that is empty is left out, as proto3 does. */
    static long bytesSize(int field, Body body) {
        int length = body.length();
        return length == 0
                ? 0
                : (long) CodedOutputStream.computeTagSize(field)
                        + CodedOutputStream.computeUInt32SizeNoTag(length)
                        + length;
    }

    static void writeBytes(CodedOutputStream out, int field, Body body) throws IOException {
        if (body.length() == 0) {
            return;
        }
        out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt32NoTag(body.length());
        body.writeTo(out);
    }
}
