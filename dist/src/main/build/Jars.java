import static java.lang.classfile.ClassFile.StackMapsOption.GENERATE_STACK_MAPS;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Run by dist/image.sh: copies the programs' jars for one kind of machine. {@code java Jars.java FROM TO NATIVE}
 *
 * <p>Native libraries are taken out of the jars: those of this machine go to NATIVE, where they are loaded from instead
 * of being unpacked at every start, those of others are left out. Classes of before Java 6, which an AOT cache cannot
 * hold, become classes of the present version. All times are set to one, as an AOT cache compares them.
 */
final class Jars {
    private static final FileTime TIME = FileTime.fromMillis(1_767_225_600_000L);
    private static final int JAVA_6 = 50;

    private static final Pattern LIBRARY = Pattern.compile(".*\\.(so|dll|dylib|jnilib|a)");

    /** By os.arch: what the libraries of this machine are called in the jars. */
    private static final Map<String, Pattern> OURS = Map.of(
            "amd64", Pattern.compile("org/sqlite/native/Linux/x86_64/.*|linux/amd64/.*|META-INF/native/.*_x86_64\\.so"),
            "aarch64", Pattern.compile("org/sqlite/native/Linux/aarch64/.*|linux/aarch64/.*|META-INF/native/.*_aarch_64\\.so"));

    private final Path to;
    private final Path natives;
    private final Pattern ours;

    private Jars(Path to, Path natives, Pattern ours) {
        this.to = to;
        this.natives = natives;
        this.ours = ours;
    }

    public static void main(String[] arguments) throws IOException {
        String machine = System.getProperty("os.arch");
        Pattern ours = OURS.get(machine);
        if (ours == null) {
            throw new IOException("no native libraries are known for " + machine + ", only for " + OURS.keySet());
        }
        Jars jars = new Jars(Path.of(arguments[1]), Path.of(arguments[2]), ours);
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of(arguments[0]), "*.jar")) {
            for (Path jar : all) {
                jars.copy(jar);
            }
        }
    }

    private void copy(Path jar) throws IOException {
        Path target = to.resolve(jar.getFileName());
        try (ZipFile in = new ZipFile(jar.toFile())) {
            if (asItIs(in)) {
                Files.copy(jar, target);
            } else if (hasClasses(in) || hasOurs(in)) {
                rewrite(in, target, resolver(jar));
            } else {
                return;
            }
        }
        Files.setLastModifiedTime(target, TIME);
    }

    private static boolean asItIs(ZipFile in) throws IOException {
        for (ZipEntry entry : entries(in)) {
            if (library(entry) || tooOld(entry, in)) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasClasses(ZipFile in) {
        return in.stream().anyMatch(entry -> entry.getName().endsWith(".class") && !entry.getName().endsWith("module-info.class"));
    }

    private boolean hasOurs(ZipFile in) {
        return in.stream().anyMatch(entry -> library(entry) && ours.matcher(entry.getName()).matches());
    }

    private void rewrite(ZipFile in, Path target, ClassFile classes) throws IOException {
        try (OutputStream file = Files.newOutputStream(target);
                ZipOutputStream out = new ZipOutputStream(file)) {
            for (ZipEntry entry : entries(in)) {
                byte[] bytes = in.getInputStream(entry).readAllBytes();
                if (library(entry)) {
                    extract(entry.getName(), bytes);
                    continue;
                }
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setLastModifiedTime(TIME);
                out.putNextEntry(copy);
                out.write(tooOld(entry, in) ? raised(bytes, classes) : bytes);
                out.closeEntry();
            }
        }
    }

    /** The names the programs load: without the version zstd's has. */
    private void extract(String name, byte[] bytes) throws IOException {
        if (ours.matcher(name).matches()) {
            String file = name.substring(name.lastIndexOf('/') + 1).replaceFirst("^libzstd-jni-.*\\.so$", "libzstd-jni.so");
            Files.write(natives.resolve(file), bytes);
        }
    }

    private static byte[] raised(byte[] bytes, ClassFile classes) {
        ClassModel old = classes.parse(bytes);
        // Methods must pass through, or their bytes are taken over without the stack maps that were not needed then.
        ClassTransform methods = ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL);
        return classes.transformClass(
                old, methods.andThen(ClassTransform.endHandler(builder -> builder.withVersion(ClassFile.latestMajorVersion(), 0))));
    }

    /** Knows the classes of all jars, whose classes build on one another's. */
    private static ClassFile resolver(Path jar) throws IOException {
        List<URL> urls = new ArrayList<>(List.of(jar.toUri().toURL()));
        try (DirectoryStream<Path> all = Files.newDirectoryStream(jar.resolveSibling("."), "*.jar")) {
            for (Path other : all) {
                urls.add(other.toUri().toURL());
            }
        }
        URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new));
        return ClassFile.of(
                GENERATE_STACK_MAPS,
                ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(loader)));
    }

    private static boolean library(ZipEntry entry) {
        return LIBRARY.matcher(entry.getName()).matches();
    }

    private static boolean tooOld(ZipEntry entry, ZipFile in) throws IOException {
        if (!entry.getName().endsWith(".class") || entry.getName().endsWith("module-info.class")) {
            return false;
        }
        byte[] head = in.getInputStream(entry).readNBytes(8);
        return (head[6] << 8 | head[7] & 0xff) < JAVA_6;
    }

    private static List<ZipEntry> entries(ZipFile in) {
        try (Stream<? extends ZipEntry> all = in.stream()) {
            return all.filter(entry -> !entry.isDirectory()).<ZipEntry>map(entry -> entry).toList();
        }
    }
}
