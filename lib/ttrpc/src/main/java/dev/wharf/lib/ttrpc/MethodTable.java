package dev.wharf.lib.ttrpc;

import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Finds the method a request names. */
final class MethodTable {
    private final Map<String, Map<String, ServerMethodDefinition<?, ?>>> services = new HashMap<>();

    /** Throws where two definitions serve one service. */
    MethodTable(Collection<ServerServiceDefinition> definitions) {
        for (ServerServiceDefinition definition : definitions) {
            String name = definition.getServiceDescriptor().getName();
            if (services.put(name, methods(definition)) != null) {
                throw new IllegalArgumentException("duplicate service " + name);
            }
        }
    }

    private static Map<String, ServerMethodDefinition<?, ?>> methods(ServerServiceDefinition definition) {
        Map<String, ServerMethodDefinition<?, ?>> methods = new HashMap<>();
        for (ServerMethodDefinition<?, ?> method : definition.getMethods()) {
            methods.put(Objects.requireNonNull(method.getMethodDescriptor().getBareMethodName()), method);
        }
        return methods;
    }

    /** The method, or UNIMPLEMENTED in the words of Go's server, which peers compare. */
    ServerMethodDefinition<?, ?> find(String service, String method) {
        Map<String, ServerMethodDefinition<?, ?>> methods = services.get(service);
        if (methods == null) {
            throw Status.UNIMPLEMENTED.withDescription("service " + service).asRuntimeException();
        }
        ServerMethodDefinition<?, ?> found = methods.get(method);
        if (found == null) {
            throw Status.UNIMPLEMENTED.withDescription("method " + method).asRuntimeException();
        }
        return found;
    }
}
