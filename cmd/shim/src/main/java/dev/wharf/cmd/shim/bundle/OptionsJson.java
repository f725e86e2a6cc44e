package dev.wharf.cmd.shim.bundle;

import dev.wharf.api.runc.v1.Options;
import dev.wharf.shim.json.JsonObject;

/** containerd.runc.v1.Options as Go's encoding/json writes them. */
final class OptionsJson {
    private OptionsJson() {}

    static JsonObject write(Options options) {
        return JsonObject.empty()
                .withUnlessEmpty("no_pivot_root", options.getNoPivotRoot())
                .withUnlessEmpty("no_new_keyring", options.getNoNewKeyring())
                .withUnlessEmpty("shim_cgroup", options.getShimCgroup())
                .withUnlessEmpty("io_uid", Integer.toUnsignedLong(options.getIoUid()))
                .withUnlessEmpty("io_gid", Integer.toUnsignedLong(options.getIoGid()))
                .withUnlessEmpty("binary_name", options.getBinaryName())
                .withUnlessEmpty("root", options.getRoot())
                .withUnlessEmpty("systemd_cgroup", options.getSystemdCgroup())
                .withUnlessEmpty("criu_image_path", options.getCriuImagePath())
                .withUnlessEmpty("criu_work_path", options.getCriuWorkPath())
                .withUnlessEmpty("task_api_address", options.getTaskApiAddress())
                .withUnlessEmpty("task_api_version", Integer.toUnsignedLong(options.getTaskApiVersion()));
    }

    static Options read(JsonObject json) {
        return Options.newBuilder()
                .setNoPivotRoot(json.flag("no_pivot_root"))
                .setNoNewKeyring(json.flag("no_new_keyring"))
                .setShimCgroup(json.string("shim_cgroup"))
                .setIoUid((int) json.number("io_uid"))
                .setIoGid((int) json.number("io_gid"))
                .setBinaryName(json.string("binary_name"))
                .setRoot(json.string("root"))
                .setSystemdCgroup(json.flag("systemd_cgroup"))
                .setCriuImagePath(json.string("criu_image_path"))
                .setCriuWorkPath(json.string("criu_work_path"))
                .setTaskApiAddress(json.string("task_api_address"))
                .setTaskApiVersion((int) json.number("task_api_version"))
                .build();
    }
}
