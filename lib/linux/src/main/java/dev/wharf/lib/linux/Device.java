package dev.wharf.lib.linux;

/**
 * A device number.
 *
 * @param major the driver, 12 bits
 * @param minor the driver's own number, 20 bits
 */
public record Device(int major, int minor) {
    /** What is given for a file that is no device. */
    public static final Device NONE = new Device(0, 0);

    public Device {
        if (major < 0 || major > 0xfff || minor < 0 || minor > 0xfffff) {
            throw new IllegalArgumentException("device number out of range: " + major + ":" + minor);
        }
    }

    /** The number in the 32 bits system calls take. Source: makedev(3), the kernel's kdev_t.h. */
    int encoded() {
        return (minor & 0xff) | major << 8 | (minor & ~0xff) << 12;
    }

    @Override
    public String toString() {
        return major + ":" + minor;
    }
}
