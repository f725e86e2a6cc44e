package dev.wharf.client;

import dev.wharf.lib.ttrpc.TtrpcChannel;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/**
 * Finds out whether a ttRPC socket serves containerd's services: wharfd's does, Go containerd's takes events of shims
 * only.
 *
 * <p>It asks for the version, and does not look into the answer, so that no message class is loaded for it.
 */
final class Probe {
    private static final long SECONDS = 10;

    private static final MethodDescriptor<byte[], byte[]> VERSION = MethodDescriptor.newBuilder(
                    new Bytes(), new Bytes())
            .setType(MethodType.UNARY)
            .setFullMethodName("containerd.services.version.v1.Version/Version")
            .build();

    private Probe() {}

    static boolean servesClients(TtrpcChannel channel) {
        try {
            ClientCalls.blockingUnaryCall(
                    channel, VERSION, CallOptions.DEFAULT.withDeadlineAfter(SECONDS, TimeUnit.SECONDS), new byte[0]);
            return true;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    /** Messages as they are on the wire. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
