import Access
import Catalogue

/// What a banner tells.
enum BannerKind: String, Sendable {
    /// Something was done.
    case success
    /// Something to know.
    case info
    /// Something to look at.
    case warning
    /// Something went wrong.
    case error

    /// The icon's name for those who don't see it.
    var label: Wording {
        switch self {
        case .success: Wording("成功：", "Done: ")
        case .info: Wording("お知らせ：", "Note: ")
        case .warning: Wording("注意：", "Please note: ")
        case .error: Wording("エラー：", "Important: ")
        }
    }
}

/// A chip's colour; its words say the same without it.
enum ChipTone: String, Sendable {
    /// Grey.
    case neutral
    /// Blue.
    case info
    /// Green.
    case success
    /// Yellow.
    case warning
    /// Red.
    case error
}

/// Small pieces in the look of the Digital Agency's design system (DADS).
///
/// A field's id is `field-NAME`, its hint's `hint-NAME`, its error's `error-NAME`. `errors` are the findings of that
/// one field: `findings.at("tests.0.specimen_on")` picks them.
enum Components {
    /// The hidden field that proves a form to be of this session.
    static func csrf(_ staff: Staff) -> HTML {
        #"<input type="hidden" name="csrf" value="\#(staff.csrf)">"#
    }

    /// A note over the page's contents, whose title and body are in `language`.
    static func banner(
        _ kind: BannerKind,
        title: String,
        body: HTML = .empty,
        language: Language = .ja
    ) -> HTML {
        """
        <section class="banner banner-\(kind.rawValue)" aria-label="\(kind.label[language])\(title)">\
        <span class="banner-icon" aria-hidden="true">\(icon(kind))</span>\
        <div class="banner-text"><p class="banner-title">\(title)</p>\(body)</div></section>
        """
    }

    private static func icon(_ kind: BannerKind) -> String {
        switch kind {
        case .success: "✓"
        case .info: "i"
        case .warning: "!"
        case .error: "×"
        }
    }

    /// A short word in a frame.
    static func chip(_ text: String, _ tone: ChipTone) -> HTML {
        #"<span class="chip chip-\#(tone.rawValue)">\#(text)</span>"#
    }

    /// Where a notification stands.
    static func intakeChip(_ intake: Intake) -> HTML {
        switch intake {
        case .none: chip(intake.label, .neutral)
        case .submitted: chip(intake.label, .info)
        case .returned: chip(intake.label, .error)
        case .confirmed: chip(intake.label, .success)
        }
    }

    /// A moment: `5月22日 14:30`, with the year in the element's title.
    static func time(_ at: Timestamp) -> HTML {
        let (_, month, day) = at.japanDate.parts
        let (hour, minute, _) = at.japanTime
        return """
            <time datetime="\(at.rfc3339)" title="\(JapaneseDate.display(at.japanDate))">\(month)月\(day)日 \
            \(hour):\(minute < 10 ? "0" : "")\(minute)</time>
            """
    }

    /// A day in a dense table: `2020/5/22`.
    static func date(_ date: CalendarDate) -> HTML {
        let (year, month, day) = date.parts
        return """
            <time datetime="\(date.iso)" title="\(JapaneseDate.display(date))">\(year)/\(month)/\(day)</time>
            """
    }

    /// A text cut to a length, in a table or a list.
    static func shortened(_ text: String, _ most: Int = 40) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count > most ? "\(line.prefix(most))…" : line
    }

    /// The name of the field in which an item of a report is entered.
    static func fieldName(_ place: Finding.Place) -> String {
        guard let index = place.index else { return place.item }
        return "\(Catalogue.item(place.item)?.section.records ?? "tests").\(index).\(place.item)"
    }
}

extension [Finding] {
    /// The findings of one field.
    func at(_ name: String) -> [Finding] {
        filter { Components.fieldName($0.place) == name }
    }
}
