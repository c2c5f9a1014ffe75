package dev.ncwrelay.testkit.playground;

import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The files of the page, as they are in this jar. */
enum PageFile {
    INDEX("index.html", "text/html; charset=utf-8"),
    SCRIPT("page.js", "text/javascript; charset=utf-8"),
    STYLE("page.css", "text/css; charset=utf-8");

    private final String fileName;
    private final String contentType;

    PageFile(String fileName, String contentType) {
        this.fileName = fileName;
        this.contentType = contentType;
    }

    /** The file; a new build is seen at the next reload. */
    Answer.Reply answer() {
        try (var stream = PageFile.class.getResourceAsStream("/playground/" + fileName)) {
            if (stream == null) {
                throw new IllegalStateException("this jar has no playground/" + fileName);
            }
            return Answer.reply(200, contentType, Bytes.of(stream.readAllBytes()))
                    .header("Cache-Control", "no-store")
                    .header("X-Content-Type-Options", "nosniff");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
