package dev.wharf.shim.rpc;

import dev.wharf.api.runtime.sandbox.v1.SandboxGrpc;
import dev.wharf.shim.SandboxService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;

/** The sandbox service, over a runtime's sandboxes. */
public final class SandboxMethods {
    private final String namespace;

    private SandboxMethods(String namespace) {
        this.namespace = namespace;
    }

    /**
     * The service to serve.
     *
     * @param removed what happens after each ShutdownSandbox; returns at once
     * @param busy counts the calls that change something
     * @param namespace of callers that name none; empty where they are refused
     */
    public static ServerServiceDefinition of(SandboxService pods, Runnable removed, Busy busy, String namespace) {
        return new SandboxMethods(namespace).service(pods, removed, busy);
    }

    private ServerServiceDefinition service(SandboxService pods, Runnable removed, Busy busy) {
        ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(SandboxGrpc.SERVICE_NAME);
        add(service, SandboxGrpc.getCreateSandboxMethod(), busy.during(pods::create));
        add(service, SandboxGrpc.getStartSandboxMethod(), busy.during(pods::start));
        add(service, SandboxGrpc.getPlatformMethod(), pods::platform);
        add(service, SandboxGrpc.getStopSandboxMethod(), busy.during(pods::stop));
        service.addMethod(SandboxGrpc.getWaitSandboxMethod(), new UnaryHandler<>(pods::wait, true, _ -> namespace));
        add(service, SandboxGrpc.getSandboxStatusMethod(), pods::status);
        add(service, SandboxGrpc.getPingSandboxMethod(), pods::ping);
        add(service, SandboxGrpc.getSandboxMetricsMethod(), pods::metrics);
        add(service, SandboxGrpc.getShutdownSandboxMethod(), (call, request) -> {
            var answer = pods.shutdown(call, request);
            removed.run();
            return answer;
        });
        return service.build();
    }

    private <Q, A> void add(
            ServerServiceDefinition.Builder service, MethodDescriptor<Q, A> descriptor, Method<Q, A> method) {
        service.addMethod(descriptor, new UnaryHandler<>(method, false, _ -> namespace));
    }
}
