package dev.wharf.e2e;

/** How hard the tests try: system properties, with defaults that keep the whole run short. */
final class Settings {
    private Settings() {}

    /** How often something is done; {@code -Dwharf.<name>=N} changes it. */
    static int count(String name, int otherwise) {
        return Integer.getInteger("wharf." + name, otherwise);
    }

    /** Where random choices start; {@code -Dwharf.seed=N} repeats a run or makes another one. */
    static long seed() {
        return Long.getLong("wharf.seed", 20_260_101);
    }
}
