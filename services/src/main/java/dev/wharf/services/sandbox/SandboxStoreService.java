package dev.wharf.services.sandbox;

import dev.wharf.api.services.sandbox.v1.StoreCreateRequest;
import dev.wharf.api.services.sandbox.v1.StoreCreateResponse;
import dev.wharf.api.services.sandbox.v1.StoreDeleteRequest;
import dev.wharf.api.services.sandbox.v1.StoreDeleteResponse;
import dev.wharf.api.services.sandbox.v1.StoreGetRequest;
import dev.wharf.api.services.sandbox.v1.StoreGetResponse;
import dev.wharf.api.services.sandbox.v1.StoreGrpc;
import dev.wharf.api.services.sandbox.v1.StoreListRequest;
import dev.wharf.api.services.sandbox.v1.StoreListResponse;
import dev.wharf.api.services.sandbox.v1.StoreUpdateRequest;
import dev.wharf.api.services.sandbox.v1.StoreUpdateResponse;
import dev.wharf.core.sandbox.SandboxStore;
import dev.wharf.services.rpc.Calls;
import dev.wharf.services.rpc.Requests;
import dev.wharf.wire.SandboxMessages;
import io.grpc.stub.StreamObserver;

/** Makes, shows, changes and removes sandboxes, as metadata; running them is the controller's. */
public final class SandboxStoreService extends StoreGrpc.StoreImplBase {
    private final SandboxStore sandboxes;

    /** A service over a store. */
    public SandboxStoreService(SandboxStore sandboxes) {
        this.sandboxes = sandboxes;
    }

    @Override
    public void create(StoreCreateRequest request, StreamObserver<StoreCreateResponse> response) {
        Calls.answer(
                response,
                () -> StoreCreateResponse.newBuilder()
                        .setSandbox(SandboxMessages.toProto(
                                sandboxes.create(Requests.context(), SandboxMessages.fromProto(request.getSandbox()))))
                        .build());
    }

    @Override
    public void update(StoreUpdateRequest request, StreamObserver<StoreUpdateResponse> response) {
        Calls.answer(
                response,
                () -> StoreUpdateResponse.newBuilder()
                        .setSandbox(SandboxMessages.toProto(sandboxes.update(
                                Requests.context(),
                                SandboxMessages.fromProto(request.getSandbox()),
                                request.getFieldsList())))
                        .build());
    }

    @Override
    public void delete(StoreDeleteRequest request, StreamObserver<StoreDeleteResponse> response) {
        Calls.answer(response, () -> {
            sandboxes.delete(Requests.context(), request.getSandboxId());
            return StoreDeleteResponse.getDefaultInstance();
        });
    }

    @Override
    public void list(StoreListRequest request, StreamObserver<StoreListResponse> response) {
        Calls.answer(
                response,
                () -> StoreListResponse.newBuilder()
                        .addAllList(sandboxes.list(Requests.context(), request.getFiltersList()).stream()
                                .map(SandboxMessages::toProto)
                                .toList())
                        .build());
    }

    @Override
    public void get(StoreGetRequest request, StreamObserver<StoreGetResponse> response) {
        Calls.answer(
                response,
                () -> StoreGetResponse.newBuilder()
                        .setSandbox(SandboxMessages.toProto(sandboxes.get(Requests.context(), request.getSandboxId())))
                        .build());
    }
}
