import Access
import Foundation
import Testing

@testable import Web

/// 使い方: its chapters, pictures and links; what is said of the pages themselves is held up by
/// Tests/Browser/test_manual.py.
struct ManualTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources/CManual/pictures")

    private static let steps = Manual.chapters.flatMap { chapter in chapter.steps.map { (chapter.key, $0) } }

    @Test func `every picture of a step is in the program, and every picture in the program belongs to a step`() {
        let named = Self.steps.flatMap { $0.1.pictures.map(\.name) }
        #expect(Set(named).count == named.count, "a picture stands in one step only")
        #expect(Set(named) == Set(ManualPictures.files.keys))
        #expect(named.count >= 20)
    }

    @Test func `every picture in the folder is in the program, with its outline beside it`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        let names = Set(ManualPictures.files.keys)
        #expect(Set(files) == Set(names.map { "\($0).webp" } + names.map { "\($0).txt" }))
        var bytes = 0
        for file in files { bytes += try Data(contentsOf: Self.folder.appending(path: file)).count }
        #expect(bytes < 2_500_000, "pictures are part of every download of the source")
    }

    @Test func `a step that quotes words of the screen names the pages on which they stand`() {
        for (chapter, step) in Self.steps {
            let text = (step.lines + [step.note ?? ""]).joined()
            #expect(text.count { $0 == "「" } == text.count { $0 == "」" }, "\(chapter): \(step.heading)")
            #expect(!text.contains("「") || !step.pages.isEmpty, "\(chapter): \(step.heading)")
            #expect(!step.heading.contains("「"), "headings aren't looked for: \(step.heading)")
            #expect(!step.lines.isEmpty)
            for picture in step.pictures { #expect(!picture.alternative.isEmpty && !picture.caption.isEmpty) }
        }
        for chapter in Manual.chapters { #expect(!chapter.introduction.contains("「"), "\(chapter.key)") }
    }

    @Test func `whoever isn't signed in reads every chapter, with its pictures in it`() async throws {
        try await TestSite.run { site in
            let contents = try await site.send(.get, "/manual")
            #expect(contents.status == 200)
            for chapter in Manual.chapters {
                #expect(contents.text.contains(#"href="/manual/\#(chapter.key)""#))
                let page = try await site.send(.get, "/manual/\(chapter.key)")
                #expect(page.status == 200)
                #expect(page.text.contains("<h1>\(chapter.title)</h1>"))
                for picture in chapter.steps.flatMap(\.pictures) {
                    let file = try #require(ManualPictures.files[picture.name])
                    #expect(page.text.contains(#"<img src="\#(file.address)""#))
                    #expect(page.text.contains(#"alt="\#(picture.alternative)""#))
                }
            }
            #expect(try await site.send(.get, "/manual/no-such-chapter").status == 404)
            #expect(try await site.send(.get, "/sign-in").text.contains(#"href="/manual""#))
        }
    }

    @Test func `a picture is kept for a year under a name of its contents, and none other leads to it`() async throws {
        try await TestSite.run { site in
            for (name, file) in ManualPictures.files {
                let answer = try await site.send(.get, file.address)
                #expect(answer.status == 200)
                #expect(answer.header("Content-Type") == "image/webp")
                #expect(answer.header("Cache-Control") == "public, max-age=31536000, immutable")
                #expect(answer.bytes.starts(with: Array("RIFF".utf8)), "\(name) is a WebP file")
                #expect(file.width > 300 && file.width <= 1280 && file.height > 60, "\(name)")
            }
            let wrong = try await site.send(.get, "/manual/pictures/sign-in-0000000000000000.webp")
            #expect(wrong.status == 404)
            #expect(wrong.header("Cache-Control") == "no-store")
        }
    }

    @Test func `every link of the manual leads to a page or a step that is there`() async throws {
        try await TestSite.run { site in
            let known = WebApplication.routes.filter { $0.method == .get }.map(\.path)
            var pages = ["/manual": try await site.send(.get, "/manual").text]
            for chapter in Manual.chapters {
                pages["/manual/\(chapter.key)"] = try await site.send(.get, "/manual/\(chapter.key)").text
            }
            for (address, text) in pages {
                for match in text.matches(of: /href="([^"]*)"/) {
                    let link = String(match.1)
                    let parts = link.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
                    let path = parts[0].isEmpty ? address : parts[0]
                    if let page = pages[path] {
                        #expect(parts.count == 1 || page.contains("id=\"\(parts[1])\""), "\(address) → \(link)")
                    } else {
                        #expect(known.contains(path) || path.hasPrefix("/assets/"), "\(address) → \(link)")
                    }
                }
            }
        }
    }

    @Test(arguments: [
        ("med-a", ["medical"]), ("hc-a", ["health-centre", "health-centre-care"]), ("pref-27", ["headquarters"]),
        ("fol-a", ["care"]), ("lod-a", ["care"]), ("mhlw", ["analysis"]),
    ])
    func `whoever is signed in finds their own chapters first`(key: OrganisationKey, own: [String]) async throws {
        try await TestSite.run { site in
            let text = try await site.browser(of: key).get("/manual").text
            let order = text.matches(of: /href="\/manual\/([a-z-]+)"/).map { String($0.1) }
            #expect(Array(order.prefix(own.count)) == own)
            #expect(Set(order) == Set(Manual.chapters.map(\.key)) && order.count == Manual.chapters.count)
            #expect(text.contains("あなたの章"))
            #expect(try await site.browser(of: key).get("/").text.contains(#"href="/manual""#))
        }
    }

    @Test func `the manual is read while the database is away`() async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "med-a")
            try site.engine.close()
            #expect(try await browser.get("/cases").status >= 500)
            #expect(try await browser.get("/manual/medical").status == 200)
        }
    }

    @Test func `words of the screen stand out, and what they quote stays text`() {
        let html = ManualView.words("「次へ」を押し、<b>は文字です。「閉じない")
        let text = String(decoding: html.bytes, as: UTF8.self)
        #expect(text == #"<b class="manual-word">「次へ」</b>を押し、&lt;b&gt;は文字です。「閉じない"#)
    }
}
