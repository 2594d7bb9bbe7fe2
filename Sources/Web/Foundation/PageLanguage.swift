import Catalogue
import HTTPTypes
import Hummingbird

/// The language of an open page: what its reader chose in the address (`?lang=en`), else what the browser asks for.
///
/// The choice stands in the address alone: nothing is kept on the device or here, and the log has the pattern only.
struct PageLanguage: Sendable {
    let language: Language
    /// What forms and redirects of the page carry on, so that a choice outlasts them: `?lang=en`, or nothing.
    let query: String

    /// A language; `isChosen` where the reader has chosen it.
    init(_ language: Language, isChosen: Bool = false) {
        self.language = language
        query = isChosen ? "?lang=\(language.rawValue)" : ""
    }

    /// The language of the answer to a request.
    init(_ request: Request) {
        if let chosen = request.uri.queryParameters["lang"].flatMap({ Language(rawValue: String($0)) }) {
            self.init(chosen, isChosen: true)
        } else {
            self.init(Self.preferred(request.headers[.acceptLanguage] ?? ""))
        }
    }

    /// Japanese for whoever asks for it first or for nothing, English for everybody else (RFC 9110, 12.5.4).
    static func preferred(_ header: String) -> Language {
        var best: (tag: Substring, weight: Double)?
        for part in header.prefix(1000).split(separator: ",") {
            let pieces = part.split(separator: ";").map(\.trimmingWhitespace)
            guard let tag = pieces.first, !tag.isEmpty else { continue }
            let weight = pieces.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            if weight > best?.weight ?? 0 { best = (tag, weight) }
        }
        guard let tag = best?.tag.lowercased(), tag != "*" else { return .ja }
        return tag.split(separator: "-").first == "ja" ? .ja : .en
    }

    /// Words of the page, both beside each other, so that neither is missing.
    func say(_ ja: HTML, _ en: HTML) -> HTML {
        switch language {
        case .ja: ja
        case .en: en
        }
    }

    /// Words that are declared elsewhere.
    func text(_ words: Wording) -> String { words[language] }

    /// A name that there is in Japanese only.
    func name(_ text: String) -> HTML {
        switch language {
        case .ja: "\(text)"
        case .en: #"<span lang="ja">\#(text)</span>"#
        }
    }

    /// The way to the same page in the other language.
    var switchLink: HTML {
        switch language {
        case .ja: #"<a class="language" href="?lang=en" lang="en" hreflang="en">English</a>"#
        case .en: #"<a class="language" href="?lang=ja" lang="ja" hreflang="ja">日本語</a>"#
        }
    }
}

extension Substring {
    fileprivate var trimmingWhitespace: Substring {
        var text = self
        while text.first?.isWhitespace == true { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return text
    }
}
