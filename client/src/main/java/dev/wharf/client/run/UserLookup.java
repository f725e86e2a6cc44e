package dev.wharf.client.run;

import dev.wharf.core.error.ErrorKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds users and groups in the passwd and group files of an image, by the rules of containerd's clients: numbers need no
 * entry, names do; additional groups are those that list the user.
 */
final class UserLookup {
    static final List<String> FILES = List.of("/etc/passwd", "/etc/group");

    private final List<User> users;
    private final List<Group> groups;

    private record User(String name, int uid, int gid) {}

    private record Group(String name, int gid, List<String> members) {}

    UserLookup(Map<String, byte[]> files) {
        this.users = lines(files, "/etc/passwd", 4).stream()
                .flatMap(fields -> user(fields).stream())
                .toList();
        this.groups = lines(files, "/etc/group", 3).stream()
                .flatMap(fields -> group(fields).stream())
                .toList();
    }

    /** The ids for {@code user[:group]}; empty is root. {@code NOT_FOUND} for a name that has no entry. */
    UserIds find(String wanted) {
        String[] parts = wanted.split(":", -1);
        if (parts.length > 2) {
            throw ErrorKind.INVALID_ARGUMENT.of("user \"" + wanted + "\" is not user[:group]");
        }
        String name = parts[0].isEmpty() ? "0" : parts[0];
        Optional<Integer> number = number(name);
        Optional<User> entry = user(
                number.isPresent()
                        ? u -> u.uid() == number.get()
                        : u -> u.name().equals(name));
        int uid = number.or(() -> entry.map(User::uid))
                .orElseThrow(() -> ErrorKind.NOT_FOUND.of("user " + name + " in the image's /etc/passwd"));
        int gid = parts.length == 2 && !parts[1].isEmpty()
                ? gid(parts[1])
                : entry.map(User::gid).orElse(0);
        String member = entry.map(User::name).orElse(number.isPresent() && uid == 0 ? "root" : name);
        return new UserIds(uid, gid, additional(member, gid));
    }

    private int gid(String wanted) {
        return number(wanted)
                .or(() -> groups.stream()
                        .filter(group -> group.name().equals(wanted))
                        .map(Group::gid)
                        .findFirst())
                .orElseThrow(() -> ErrorKind.NOT_FOUND.of("group " + wanted + " in the image's /etc/group"));
    }

    private List<Integer> additional(String user, int gid) {
        List<Integer> gids = new ArrayList<>();
        gids.add(gid);
        for (Group group : groups) {
            boolean member = group.members().contains(user) && !group.name().equals(user);
            if (member && !gids.contains(group.gid())) {
                gids.add(group.gid());
            }
        }
        return gids;
    }

    private Optional<User> user(Predicate<User> matching) {
        return users.stream().filter(matching).findFirst();
    }

    private static Optional<User> user(String[] fields) {
        Optional<Integer> uid = number(fields[2]);
        Optional<Integer> gid = number(fields[3]);
        return uid.isPresent() && gid.isPresent()
                ? Optional.of(new User(fields[0], uid.get(), gid.get()))
                : Optional.empty();
    }

    private static Optional<Group> group(String[] fields) {
        List<String> members = fields.length > 3 ? List.of(fields[3].split(",", -1)) : List.of();
        return number(fields[2]).map(gid -> new Group(fields[0], gid, members));
    }

    /** An id as runtimes take it: 0 to 2^31 - 1. */
    private static Optional<Integer> number(String text) {
        boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits) {
            return Optional.empty();
        }
        try {
            return Optional.of(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            throw ErrorKind.INVALID_ARGUMENT.of("id " + text + " is out of range", e);
        }
    }

    private static List<String[]> lines(Map<String, byte[]> files, String path, int fields) {
        byte[] file = files.getOrDefault(path, new byte[0]);
        return new String(file, StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.strip().split(":", -1))
                .filter(parts -> parts.length >= fields && !parts[0].isEmpty() && !parts[0].startsWith("#"))
                .toList();
    }
}
