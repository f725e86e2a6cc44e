package dev.wharf.cmd.wharf.command;

import dev.wharf.cmd.wharf.args.Arguments;
import dev.wharf.cmd.wharf.args.Syntax;
import dev.wharf.cmd.wharf.output.Human;
import dev.wharf.cmd.wharf.output.JsonText;
import dev.wharf.cmd.wharf.output.Table;
import dev.wharf.core.images.Image;
import dev.wharf.core.oci.MediaTypes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code wharf images}. */
final class ImagesCommand implements Command {
    @Override
    public void describe(Syntax syntax) {
        syntax.description("Lists images.");
        syntax.flag("names only", "-q", "--quiet");
    }

    @Override
    public int run(Arguments given, Session session) {
        List<Image> images = session.client().images().list(session.ctx(), List.of());
        if (given.has("--quiet")) {
            images.forEach(image -> session.out().println(image.name()));
        } else {
            session.out().print(session.globals().json() ? json(images) : table(images));
        }
        return 0;
    }

    private static String table(List<Image> images) {
        Table table = new Table("NAME", "KIND", "DIGEST", "UPDATED");
        Instant now = Instant.now();
        for (Image image : images) {
            table.row(
                    image.name(),
                    MediaTypes.isIndex(image.target().mediaType()) ? "index" : "manifest",
                    image.target().digest().toString(),
                    Human.age(image.updatedAt(), now));
        }
        return table.toString();
    }

    private static String json(List<Image> images) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Image image : images) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", image.name());
            one.put("mediaType", image.target().mediaType());
            one.put("digest", image.target().digest());
            one.put("size", image.target().size());
            one.put("createdAt", image.createdAt());
            one.put("updatedAt", image.updatedAt());
            one.put("labels", image.labels());
            all.add(one);
        }
        return JsonText.of(all) + "\n";
    }
}
