package dev.wharf.cmd.shimwasi.module;

import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.InterpreterMachine;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.runtime.TableInstance;
import com.dylibso.chicory.wasi.WasiExitException;
import com.dylibso.chicory.wasi.WasiOptions;
import com.dylibso.chicory.wasi.WasiPreview1;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import com.dylibso.chicory.wasm.types.Table;
import com.dylibso.chicory.wasm.types.TableLimits;
import com.dylibso.chicory.wasm.types.TypeSection;
import dev.wharf.shim.ShimException;
import java.util.List;
import java.util.function.Function;

/**
 * A module ready to run. Small ones are compiled to Java's bytecode, which takes longer to begin and runs many times as
 * fast; large ones are interpreted.
 */
public final class Program {
    /** What running a program may need to have been loaded; see {@link Warmup}. */
    public static final List<Class<?>> CLASSES = List.of(
            Ended.class,
            BoundedMemory.class,
            Share.class,
            MemoryBudget.class,
            SilentLogger.class,
            ShimException.class,
            ShimException.Code.class);

    /** Largest file taken for a module, in bytes. */
    public static final int MAX_BYTES = 64 << 20;

    private static final int MAX_COMPILED_BYTES = 2 << 20;

    /** A parsed module's size on the heap over that of its file, rounded up from what was seen. */
    private static final int PARSED_FACTOR = 24;

    private static final long MAX_TABLE_ENTRIES = 1 << 20;
    private static final int WORD = 8;

    /** Exit code of a module that did what it must not, as of a process that called abort(3). */
    private static final int TRAPPED = 134;

    /** Exit code of a module for which there was no memory, as of a process that the kernel killed. */
    private static final int OUT_OF_MEMORY = 137;

    private final WasmModule module;
    private final Function<Instance, Machine> machine;
    private final Share share;

    private Program(WasmModule module, Function<Instance, Machine> machine, Share share) {
        this.module = module;
        this.machine = machine;
        this.share = share;
    }

    /**
     * How a module ended.
     *
     * @param code its exit code
     * @param reason what went wrong; empty where it ended by itself
     */
    public record Ended(int code, String reason) {}

    /**
     * Parses, checks and where it is small compiles a module.
     *
     * @throws ShimException INVALID_ARGUMENT where it is none, RESOURCE_EXHAUSTED where there is no room for it,
     *     UNIMPLEMENTED where it uses what has no bounds here
     */
    public static Program of(byte[] wasm, Share share) {
        share.requireOverhead((long) wasm.length * PARSED_FACTOR);
        try {
            WasmModule module = Parser.parse(wasm);
            refuseUnbounded(module);
            return new Program(module, machine(module, wasm.length), share);
        } catch (ChicoryException | StackOverflowError e) {
            throw new ShimException(
                    ShimException.Code.INVALID_ARGUMENT, "not a WASI module that can be run: " + e.getMessage(), e);
        }
    }

    private static Function<Instance, Machine> machine(WasmModule module, int bytes) {
        return bytes > MAX_COMPILED_BYTES
                ? InterpreterMachine::new
                : MachineFactoryCompiler.builder(module)
                        .withInterpreterFallback(InterpreterFallback.SILENT)
                        .compile();
    }

    /** Objects of WebAssembly's garbage collector would be Java's, and as many as the module likes. */
    private static void refuseUnbounded(WasmModule module) {
        TypeSection types = module.typeSection();
        for (int i = 0; types != null && i < types.subTypeCount(); i++) {
            if (types.getSubType(i).compType().funcType() == null) {
                throw ShimException.unimplemented("modules with garbage collected types are not supported");
            }
        }
    }

    /**
     * Runs it to its end on the calling thread, which an interrupt ends soon.
     *
     * @param options arguments, environment, streams and directories
     */
    public Ended run(WasiOptions options) {
        try (WasiPreview1 wasi = WasiPreview1.builder()
                .withOptions(options)
                .withLogger(new SilentLogger())
                .build()) {
            Instance instance = Instance.builder(module)
                    .withMachineFactory(machine)
                    .withMemoryFactory(this::memory)
                    .withTableFactory(this::table)
                    .withImportValues(ImportValues.builder()
                            .addFunction(wasi.toHostFunctions())
                            .build())
                    .withStart(false)
                    .build();
            instance.export(Instance.START_FUNCTION_NAME).apply();
            return new Ended(0, "");
        } catch (WasiExitException exit) {
            return new Ended(exit.exitCode(), "");
        } catch (StackOverflowError deep) {
            return new Ended(TRAPPED, "the call stack is exhausted");
        } catch (OutOfMemoryError none) {
            return new Ended(OUT_OF_MEMORY, "no memory is left");
        } catch (ShimException refused) {
            return new Ended(OUT_OF_MEMORY, String.valueOf(refused.getMessage()));
        } catch (RuntimeException trap) {
            return new Ended(TRAPPED, "trap: " + trap.getMessage());
        } catch (LinkageError broken) {
            return new Ended(TRAPPED, "a fault of the runtime: " + broken);
        }
    }

    private BoundedMemory memory(MemoryLimits asked) {
        int most =
                (int) Math.min(asked.maximumPages(), Math.max(asked.initialPages(), share.most() / BoundedMemory.PAGE));
        return new BoundedMemory(new MemoryLimits(asked.initialPages(), most, asked.shared()), share);
    }

    private TableInstance table(Table asked, int initial) {
        TableLimits limits = asked.limits();
        if (limits.min() > MAX_TABLE_ENTRIES) {
            throw ShimException.invalidArgument("a table of " + limits.min() + " entries is too large");
        }
        long most = Math.min(limits.max(), MAX_TABLE_ENTRIES);
        share.require(limits.min() * WORD);
        return new TableInstance(
                new Table(asked.elementType(), new TableLimits(limits.min(), most), asked.initialize()), initial);
    }
}
