package dev.wharf.api;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes descriptors down as rows of the wire table: kind, name and three columns, tab separated. {@code wire.tsv} has
 * the same form, so that the two can be compared line by line.
 */
final class WireRows {

    private final List<String> rows = new ArrayList<>();

    private WireRows() {}

    static List<String> of(List<FileDescriptor> files) {
        WireRows wire = new WireRows();
        files.forEach(wire::addFile);
        return List.copyOf(wire.rows);
    }

    private void addFile(FileDescriptor file) {
        file.getServices().forEach(this::addService);
        file.getMessageTypes().forEach(this::addMessage);
        file.getEnumTypes().forEach(this::addEnum);
    }

    private void addService(ServiceDescriptor service) {
        for (MethodDescriptor method : service.getMethods()) {
            add(
                    "rpc",
                    service.getFullName() + "/" + method.getName(),
                    method.getInputType().getFullName(),
                    method.getOutputType().getFullName(),
                    kind(method));
        }
    }

    private static String kind(MethodDescriptor method) {
        List<String> streams = new ArrayList<>();
        if (method.isClientStreaming()) {
            streams.add("client_stream");
        }
        if (method.isServerStreaming()) {
            streams.add("server_stream");
        }
        return streams.isEmpty() ? "unary" : String.join(" ", streams);
    }

    private void addMessage(Descriptor message) {
        add("message", message.getFullName(), "", "", "");
        message.getFields().forEach(this::addField);
        message.getNestedTypes().forEach(this::addMessage);
        message.getEnumTypes().forEach(this::addEnum);
    }

    private void addField(FieldDescriptor field) {
        add("field", field.getFullName(), String.valueOf(field.getNumber()), type(field), label(field));
    }

    private static String type(FieldDescriptor field) {
        return switch (field.getType()) {
            case MESSAGE, GROUP -> field.getMessageType().getFullName();
            case ENUM -> field.getEnumType().getFullName();
            default -> field.getType().name().toLowerCase(Locale.ROOT);
        };
    }

    private static String label(FieldDescriptor field) {
        FieldDescriptorProto proto = field.toProto();
        if (proto.getProto3Optional()) {
            return "proto3_optional";
        }
        if (field.getRealContainingOneof() != null) {
            return "oneof=" + field.getRealContainingOneof().getName();
        }
        if (field.isPackable() && !field.isPacked()) {
            // Never in the table: a scalar list that is not packed is a difference on the wire.
            return "unpacked";
        }
        return proto.getLabel() == Label.LABEL_REPEATED ? "repeated" : "optional";
    }

    private void addEnum(EnumDescriptor type) {
        type.getValues()
                .forEach(value -> add(
                        "enum", type.getFullName() + "." + value.getName(), String.valueOf(value.getNumber()), "", ""));
    }

    private void add(String... columns) {
        rows.add(String.join("\t", columns));
    }
}
