package dev.wharf.cmd.shimwasi.task;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Assembles a module of one function, {@code _start}, that calls functions of WASI. Its memory has one page at first;
 * bytes put in by {@link #data} lie at the place given. Source: WebAssembly core specification, binary format.
 */
final class Wasm {
    private static final int I32 = 0x7f;
    private static final int I64 = 0x7e;
    private static final String WASI = "wasi_snapshot_preview1";

    private final List<byte[]> types = new ArrayList<>();
    private final List<byte[]> imports = new ArrayList<>();
    private final List<byte[]> data = new ArrayList<>();
    private final ByteArrayOutputStream code = new ByteArrayOutputStream();

    /** Numbers of the functions of WASI the modules here use. */
    static final int FD_WRITE = 0;

    static final int FD_READ = 1;
    static final int PROC_EXIT = 2;
    static final int ARGS_GET = 3;
    static final int ENVIRON_GET = 4;
    static final int PATH_OPEN = 5;

    Wasm() {
        function("fd_write", 1, I32, I32, I32, I32);
        function("fd_read", 1, I32, I32, I32, I32);
        function("proc_exit", 0, I32);
        function("args_get", 1, I32, I32);
        function("environ_get", 1, I32, I32);
        function("path_open", 1, I32, I32, I32, I32, I32, I64, I64, I32, I32);
    }

    private void function(String name, int results, int... parameters) {
        imports.add(join(name(WASI), name(name), bytes(0, types.size())));
        ByteArrayOutputStream type = new ByteArrayOutputStream();
        type.write(0x60);
        type.write(parameters.length);
        for (int parameter : parameters) {
            type.write(parameter);
        }
        type.write(results);
        if (results == 1) {
            type.write(I32);
        }
        types.add(type.toByteArray());
    }

    Wasm data(int at, byte[] content) {
        data.add(join(bytes(0, 0x41), leb(at), bytes(0x0b), leb(content.length), content));
        return this;
    }

    Wasm text(int at, String content) {
        return data(at, content.getBytes(StandardCharsets.UTF_8));
    }

    Wasm constant(int value) {
        return raw(0x41).append(leb(value));
    }

    Wasm constant64(long value) {
        return raw(0x42).append(leb(value));
    }

    Wasm call(int function) {
        return raw(0x10).append(leb(function));
    }

    Wasm load(int at) {
        return constant(at).raw(0x28, 2, 0);
    }

    Wasm drop() {
        return raw(0x1a);
    }

    /** Calls with constants and drops the answer, where there is one. */
    Wasm call(int function, int... arguments) {
        for (int argument : arguments) {
            constant(argument);
        }
        call(function);
        return function == PROC_EXIT ? this : drop();
    }

    Wasm raw(int... opcodes) {
        return append(bytes(opcodes));
    }

    private Wasm append(byte[] more) {
        code.writeBytes(more);
        return this;
    }

    /** Writes bytes in memory to a descriptor; uses the words at 0, 4 and 8. */
    Wasm write(int descriptor, int at, int length) {
        return store(0, at).store(4, length).call(FD_WRITE, descriptor, 0, 1, 8);
    }

    Wasm store(int at, int value) {
        return constant(at).constant(value).raw(0x36, 2, 0);
    }

    byte[] assemble() {
        byte[] start = bytes(0x60, 0, 0);
        List<byte[]> allTypes = new ArrayList<>(types);
        allTypes.add(start);
        byte[] body = join(bytes(0), code.toByteArray(), bytes(0x0b));
        return join(
                bytes(0, 'a', 's', 'm', 1, 0, 0, 0),
                section(1, allTypes),
                section(2, imports),
                section(3, List.of(leb(types.size()))),
                section(5, List.of(bytes(0, 1))),
                section(
                        7,
                        List.of(join(name("memory"), bytes(2, 0)), join(name("_start"), bytes(0), leb(types.size())))),
                section(10, List.of(join(leb(body.length), body))),
                section(11, data));
    }

    private static byte[] section(int number, List<byte[]> entries) {
        byte[] content = join(leb(entries.size()), join(entries.toArray(byte[][]::new)));
        return join(bytes(number), leb(content.length), content);
    }

    private static byte[] name(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return join(leb(bytes.length), bytes);
    }

    /** A number in signed LEB128, which for small ones is the unsigned form as well. */
    private static byte[] leb(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long rest = value;
        while (rest < -64 || rest > 63) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>= 7;
        }
        out.write((int) (rest & 0x7f));
        return out.toByteArray();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
