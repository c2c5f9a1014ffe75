package dev.ncwrelay.e2e;

import dev.ncwrelay.local.layout.Workspace;
import dev.ncwrelay.testkit.process.NodePackage;

/** The programs of a folder of {@code e2e}, run by Node. */
final class JavaScript {

    /** Reads topics and API descriptions. */
    static final NodePackage JS = of("js");

    /** Fireblocks' own SDK. */
    static final NodePackage SDK = of("sdk");

    private JavaScript() {}

    private static NodePackage of(String name) {
        return new NodePackage(Workspace.current().root().resolve("e2e").resolve(name));
    }
}
