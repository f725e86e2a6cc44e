package dev.wharf.e2e;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The arrows between modules that ARCHITECTURE.md draws, and no cycle between packages. */
final class ArrowsTest {
    private static final String ROOT = "dev.wharf.";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.wharf");

    /**
     * What a module may use of ours.
     *
     * @param module its package below {@code dev.wharf}
     * @param uses the packages below {@code dev.wharf} it may use besides itself
     */
    private record Arrow(String module, List<String> uses) {
        Arrow(String module, String... uses) {
            this(module, List.of(uses));
        }

        String pattern() {
            return ROOT + module + "..";
        }

        String[] allowed() {
            return Stream.concat(Stream.of(module), uses.stream())
                    .map(name -> ROOT + name + "..")
                    .toArray(String[]::new);
        }
    }

    private static final List<Arrow> ARROWS = List.of(
            new Arrow("api"),
            new Arrow("core"),
            new Arrow("streams", "api"),
            new Arrow("wire", "core", "api"),
            new Arrow("lib.linux"),
            new Arrow("lib.tar", "lib.linux"),
            new Arrow("lib.ttrpc"),
            new Arrow("lib.registry"),
            new Arrow("plugins", "core", "lib", "api", "wire"),
            new Arrow("services", "core", "api", "wire", "streams"),
            new Arrow("client", "core", "api", "wire", "streams", "lib.ttrpc"),
            new Arrow("shim", "api", "streams", "lib.ttrpc", "lib.linux"),
            new Arrow("cmd.shim", "shim", "api", "lib.ttrpc", "lib.linux", "lib.tar"),
            new Arrow("cmd.shimwasi", "shim", "api", "lib.ttrpc", "lib.linux"),
            new Arrow("cmd.wharf", "client", "core", "lib.linux", "lib.registry"),
            new Arrow("testkit", "core"),
            new Arrow("cmd.wharfd", "api", "core", "wire", "lib", "plugins", "services"));

    @TestFactory
    Stream<DynamicTest> eachModuleUsesOnlyWhatItMay() {
        return ARROWS.stream()
                .map(arrow -> DynamicTest.dynamicTest(arrow.module(), () -> {
                    classes()
                            .that()
                            .resideInAPackage(arrow.pattern())
                            .should()
                            .onlyDependOnClassesThat(
                                    not(resideInAPackage("dev.wharf..")).or(resideInAnyPackage(arrow.allowed())))
                            .check(CLASSES);
                }));
    }

    @Test
    void everyModuleHasItsArrows() {
        assertThat(CLASSES.stream().map(JavaClass::getPackageName))
                .allSatisfy(name ->
                        assertThat(ARROWS).anyMatch(arrow -> (name + ".").startsWith(ROOT + arrow.module() + ".")));
    }

    @Test
    void theDomainKnowsNoWireAndNoLibrary() {
        classes()
                .that()
                .resideInAPackage("dev.wharf.core..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..", "dev.wharf.core.."))
                .check(CLASSES);
    }

    @Test
    void onlyTheLinuxLibraryCallsForeignFunctions() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.wharf.lib.linux..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..")
                .check(CLASSES);
    }

    @Test
    void onlyTheShimProxyAndNriPluginsKnowTheWire() {
        DescribedPredicate<JavaClass> wire =
                resideInAnyPackage("dev.wharf.api..", "dev.wharf.wire..", "io.grpc..", "com.google.protobuf..");
        noClasses()
                .that()
                .resideInAPackage("dev.wharf.plugins..")
                .and()
                .resideOutsideOfPackages(
                        "dev.wharf.plugins.runtime.shim..", "dev.wharf.plugins.proxy..", "dev.wharf.plugins.nri..")
                .should()
                .dependOnClassesThat(wire)
                .check(CLASSES);
    }

    @Test
    void pluginsAreBlindToOneAnother() {
        slices().assignedFrom(new PluginSlices())
                .should()
                .notDependOnEachOther()
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().assignedFrom(new PackageSlices()).should().beFreeOfCycles().check(CLASSES);
    }

    /**
     * One slice a plugin: the two package names after {@code dev.wharf.plugins}. What plugins of one type share lies in
     * the package of the type and is no plugin; only {@code events} is a plugin without a second name.
     */
    private static final class PluginSlices implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            String name = type.getPackageName();
            if (!name.startsWith(ROOT + "plugins.")) {
                return SliceIdentifier.ignore();
            }
            String[] parts = name.substring((ROOT + "plugins.").length()).split("\\.");
            if (parts.length == 1) {
                return parts[0].equals("events") ? SliceIdentifier.of("events") : SliceIdentifier.ignore();
            }
            return SliceIdentifier.of(parts[0] + "." + parts[1]);
        }

        @Override
        public String getDescription() {
            return "plugins";
        }
    }

    /** One slice a package, generated ones left out: their files follow the wire's packages. */
    private static final class PackageSlices implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            String name = type.getPackageName();
            return name.startsWith(ROOT + "api.") || !name.startsWith(ROOT)
                    ? SliceIdentifier.ignore()
                    : SliceIdentifier.of(name);
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }
}
