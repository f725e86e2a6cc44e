package dev.wharf.services.transfer;

import com.google.protobuf.Empty;
import dev.wharf.api.services.transfer.v1.TransferGrpc;
import dev.wharf.api.services.transfer.v1.TransferRequest;
import dev.wharf.core.context.Context;
import dev.wharf.core.streaming.StreamManager;
import dev.wharf.core.transfer.Progress;
import dev.wharf.core.transfer.TransferEnd;
import dev.wharf.core.transfer.TransferService;
import dev.wharf.services.rpc.Calls;
import dev.wharf.services.rpc.Requests;
import io.grpc.stub.StreamObserver;

/** Moves images. */
public final class TransferRpcService extends TransferGrpc.TransferImplBase {
    private final TransferService transfers;
    private final StreamManager streams;

    /** A service over transfers, which finds the streams of its clients by their names. */
    public TransferRpcService(TransferService transfers, StreamManager streams) {
        this.transfers = transfers;
        this.streams = streams;
    }

    @Override
    public void transfer(TransferRequest request, StreamObserver<Empty> response) {
        CancellableWork.run(() -> Calls.acknowledge(response, () -> transfer(Requests.context(), request)));
    }

    private void transfer(Context ctx, TransferRequest request) {
        try (OpenEnds ends = new OpenEnds(ctx, streams);
                ProgressSender progress = ends.progress(request.getOptions().getProgressStream())) {
            TransferEnd source = ends.decode(request.getSource());
            TransferEnd destination = ends.decode(request.getDestination());
            transfers.transfer(ctx, source, destination, progress == null ? Progress.Listener.NONE : progress);
            ends.finish();
        }
    }
}
