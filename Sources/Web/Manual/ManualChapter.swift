/// A chapter of the manual: what one role does, step by step.
///
/// Words in 「…」 are words of the screen, to the letter: Tests/Browser/test_manual.py looks for each of them on the
/// pages that the step names. Whatever else needs quotes takes 『…』.
struct ManualChapter: Sendable {
    /// The chapter's name in its address.
    let key: String
    let title: String
    /// For whom it is, in a line of the contents.
    let readers: String
    /// What stands under the title.
    let introduction: String
    let steps: [ManualStep]
}

/// A step: one thing to do, with what is done one after the other.
struct ManualStep: Sendable {
    let heading: String
    /// What is done, in order; each is a sentence or two.
    let lines: [String]
    /// What to mind.
    var note: String?
    let pictures: [ManualPicture]
    /// Pages on which the words in 「…」 stand, by the names that the browser test gives them; those of the pictures
    /// are among them.
    let pages: [String]
    let links: [ManualLink]

    /// A step.
    ///
    /// - Parameters:
    ///   - heading: what it is about.
    ///   - pages: pages without a picture on which quoted words stand.
    ///   - lines: what is done.
    ///   - note: what to mind.
    ///   - pictures: what the pages look like.
    ///   - links: where to read on.
    init(
        _ heading: String,
        on pages: [String] = [],
        _ lines: [String],
        note: String? = nil,
        pictures: [ManualPicture] = [],
        links: [ManualLink] = []
    ) {
        self.heading = heading
        self.lines = lines
        self.note = note
        self.pictures = pictures
        self.pages = pages + pictures.map(\.name)
        self.links = links
    }
}

/// A picture of a page, made by the browser test.
struct ManualPicture: Sendable {
    /// The page's name in the browser test, and the file's.
    let name: String
    /// What stands under it.
    let caption: String
    /// What it shows, for whoever doesn't see it.
    let alternative: String

    init(_ name: String, _ caption: String, showing alternative: String) {
        self.name = name
        self.caption = caption
        self.alternative = alternative
    }
}

/// A way on from a step: to another chapter or to a page.
struct ManualLink: Sendable {
    let words: String
    let address: String

    init(_ words: String, _ address: String) {
        self.words = words
        self.address = address
    }
}
