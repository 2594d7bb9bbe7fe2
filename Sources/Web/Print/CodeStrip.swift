import Catalogue
import Interchange
import Paper

/// The 2-D codes of a printed report, and what stands beside them.
enum CodeStrip {
    /// Millimetres of a module.
    ///
    /// A FAX of standard resolution has 3.85 lines a millimetre down: a module takes 2.9 of
    /// them. Down to 0.65 mm all codes were read back from simulated FAXes.
    private static let module = 0.75
    /// White modules around a code: as the standard wants them.
    private static let quiet = 4

    static func html(_ report: PrintedReport) -> HTML {
        let codes: [CodeMatrix]
        do {
            let texts = try ReportCode.texts(of: report)
            codes = texts.compactMap { CodeMatrix($0) }
            guard codes.count == texts.count else { return none }
        } catch {
            return none
        }
        let pictures: [HTML] = codes.enumerated().map { index, code in
            let size = code.size + 2 * quiet
            let side = String(Double(size) * module)
            return """
                <figure class="code"><svg width="\(side)mm" height="\(side)mm" \
                viewBox="\(-quiet) \(-quiet) \(size) \(size)" shape-rendering="crispEdges" role="img" \
                aria-label="この届の内容のコード \(index + 1)/\(codes.count)"><path d="\(code.path)"/></svg>\
                <figcaption>\(index + 1)/\(codes.count)</figcaption></figure>
                """
        }
        return """
            <section class="codes" aria-label="読み取り用のコード"><p>保健所での読み取り用（この届の全内容。書き込み・折り目を\
            付けないでください）</p><div class="codes-row">\(pictures)</div></section>
            """
    }

    private static var none: HTML {
        #"<section class="codes"><p>文章が長いため、読み取り用のコードは印刷できません。</p></section>"#
    }
}
