package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.local.layout.Workspace;
import dev.ncwrelay.testkit.process.NodePackage;
import java.io.IOException;

/** The programs of a folder, run by Node. */
final class JavaScript {

    /** Reads topics and API descriptions. */
    static final NodePackage JS = of("e2e/js");

    /** Fireblocks' own SDK. */
    static final NodePackage SDK = of("e2e/sdk");

    /** The client library, with its tests. */
    static final NodePackage CLIENT = of("clients/typescript");

    /** A browser on the playground's page. */
    static final NodePackage BROWSER = of("e2e/browser");

    private JavaScript() {}

    /** Installs and compiles the client library and its tests. */
    static void buildClient() throws IOException, InterruptedException {
        CLIENT.install();
        var compiled = CLIENT.run("npm", "run", "check");
        assertThat(compiled.exitCode()).as(compiled.output()).isZero();
    }

    private static NodePackage of(String folder) {
        return new NodePackage(Workspace.current().root().resolve(folder));
    }
}
