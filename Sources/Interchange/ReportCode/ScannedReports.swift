import Dispatch
public import Paper
import Synchronization

/// What stands in the codes on scanned papers.
public struct ScannedReports: Sendable {
    /// Pages of the file.
    public let pages: Int
    /// Pages on which no code was found: other papers, or a code that can't be made out.
    public let withoutCode: Int
    /// The reports, in the order of the pages.
    public let found: [ReportCode.Found]

    /// Seconds after which no further look is begun.
    private static let patience = 40

    /// Looks through a file.
    ///
    /// Works for seconds: not to be called where others wait.
    /// - Throws: `ScannedFile.Failure`.
    public static func read(_ bytes: [UInt8]) throws -> ScannedReports {
        let pages = try ScannedFile.pages(of: bytes)
        let limit = DispatchTime.now() + .seconds(patience)
        var texts = [[String]](repeating: [], count: pages.count)
        // Every page is looked at quickly before any is looked at closely.
        for look in 0..<CodeReader.lookCount {
            for (index, page) in pages.enumerated() where DispatchTime.now() < limit {
                // A page is done when every report of which it holds a code is whole.
                let all = ReportCode.reports(in: Array(texts.joined()))
                let own = ReportCode.reports(in: texts[index])
                if !texts[index].isEmpty, own.allSatisfy({ $0.isWhole }) || all.allSatisfy({ $0.isWhole }) { continue }
                for text in CodeReader.texts(in: page, look: look) where !texts[index].contains(text) {
                    texts[index].append(text)
                }
            }
        }
        let found = ReportCode.reports(in: Array(texts.joined()))
        return ScannedReports(pages: pages.count, withoutCode: texts.count(where: \.isEmpty), found: found)
    }
}

extension ReportCode.Found {
    /// Whether it is a whole report.
    public var isWhole: Bool { if case .whole = self { true } else { false } }
}

/// Looks through files away from the threads that serve, one at a time.
public final class ScanDesk: Sendable {
    private let queue = DispatchQueue(label: "hersys.scan")
    private let waiting = Mutex(0)
    /// Files that wait; a file takes 10 MB.
    private static let mostWaiting = 8

    /// A desk of its own.
    public init() {}

    /// The reports of a file; nil where so many wait that it had better come again.
    public func read(_ bytes: [UInt8]) async throws -> ScannedReports? {
        let isIn = waiting.withLock { waiting in
            guard waiting < Self.mostWaiting else { return false }
            waiting += 1
            return true
        }
        guard isIn else { return nil }
        defer { waiting.withLock { $0 -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try ScannedReports.read(bytes) }) }
        }
    }
}

extension ScannedFile.Failure {
    /// The reason for whoever sent the file, and what to do.
    public var message: String {
        switch self {
        case .empty: "ファイルが空です。スキャンし直してください。"
        case .tooLarge: "ファイルが大きすぎます（10MBまで）。ページを分けるか、白黒でスキャンし直してください。"
        case .tooManyPages: "ページが多すぎます（20ページまで）。ファイルを分けてください。"
        case .unknownKind: "このファイルの形式は読めません。PDF、PNG、JPEG、TIFFのどれかにしてください。"
        case .unreadable: "ファイルが壊れているか、開けない設定（パスワードなど）になっています。保存し直すか、スキャンし直してください。"
        }
    }
}
