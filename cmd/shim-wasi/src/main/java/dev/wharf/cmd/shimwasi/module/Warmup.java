package dev.wharf.cmd.shimwasi.module;

import com.dylibso.chicory.wasi.WasiOptions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Runs a module that does nothing, once, so that every jar a module's thread loads classes of has been opened and
 * randomness has its device: in there, neither could be found any more.
 */
public final class Warmup {
    /** {@code (module (memory 1) (func (export "_start")))}. */
    private static final String NOTHING = "0061736d01000000" + "010401600000" + "03020100" + "0503010001"
            + "070a01065f73746172740000" + "0a040102000b";

    private static final Warmup DONE = new Warmup();

    private final SecureRandom random = new SecureRandom();

    private Warmup() {
        int ignored = random.nextInt();
        Program.of(HexFormat.of().parseHex(NOTHING), new Share(new MemoryBudget(1 << 20), 1 << 20))
                .run(WasiOptions.builder().withRandom(random).build());
    }

    /** The source of randomness for modules. */
    public static SecureRandom random() {
        return DONE.random;
    }
}
