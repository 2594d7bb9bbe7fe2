public import Access
public import Catalogue
public import Storage

/// What a health centre writes down of a FAX on receipt.
public struct ReceivedFax: Sendable {
    /// Random name that the page gave it: a form sent twice makes one line.
    public var id: String
    /// When it arrived.
    public var receivedAt: Timestamp
    /// The institution that sent it, where it is known to the system.
    public var institution: OrganisationKey?
    /// Who sent it, where it isn't.
    public var sender: String
    /// Sheets.
    public var pages: Int
    /// メモ.
    public var memo: String

    /// A received FAX.
    public init(
        id: String,
        receivedAt: Timestamp,
        institution: OrganisationKey? = nil,
        sender: String = "",
        pages: Int,
        memo: String = ""
    ) {
        self.id = id
        self.receivedAt = receivedAt
        self.institution = institution
        self.sender = sender
        self.pages = pages
        self.memo = memo
    }
}

/// A health centre's FAX受信簿.
public struct FaxRegister: Sendable {
    /// Lines that wait, the oldest first, two hundred at most.
    public let waiting: [FaxLine]
    /// Lines entered or set aside, the latest first, fifty at most.
    public let closed: [FaxLine]
    /// How many wait altogether.
    public let count: Int
}

/// FAXes that wait to be entered.
public struct FaxBacklog: Sendable, Hashable {
    /// How many.
    public var count = 0
    /// When the oldest of them arrived.
    public var oldest: Timestamp?

    /// So many, the oldest from then.
    public init(count: Int = 0, oldest: Timestamp? = nil) {
        self.count = count
        self.oldest = oldest
    }
}

extension Casework {
    /// Letters of a memo.
    private static let mostMemo = 1000

    /// The code of the finding that a line's name is another FAX's already.
    public static let usedFaxName = "used_name"

    /// A name for a new line of the register.
    public func newFaxName() -> String { Secret.random(bytes: 16) }

    /// 受信を記録: writes a received FAX into the caller's register.
    ///
    /// - Throws: ``Refusal/findings(_:)`` for what is wrong, with the code ``usedFaxName`` where the name is another
    ///   FAX's already; ``Refusal/forbidden(_:)`` for anybody but a health centre.
    @discardableResult
    public func logFax(_ fax: ReceivedFax, by caller: Caller) async throws -> FaxLine {
        let number = try await register(caller)
        let directory = try await directory()
        let now = clock()
        var findings: [Finding] = []
        let sender = Self.clean(fax.sender, "sender", most: 200, &findings)
        let memo = Self.clean(fax.memo, "memo", most: Self.mostMemo, multiline: true, &findings)
        if let key = fax.institution, directory[key]?.kind != .medical {
            findings.append(Finding("institution", "unknown_institution", "送信元の医療機関は一覧から選んでください。"))
        }
        if fax.institution == nil, sender.isEmpty {
            findings.append(Finding("sender", "required", "送信元の医療機関を選ぶか、名称を入力してください。"))
        }
        if !(1...200).contains(fax.pages) {
            findings.append(Finding("pages", "range", "枚数を1から200の数字で入力してください。"))
        }
        if fax.receivedAt > now.adding(seconds: 300) {
            findings.append(Finding("received_at", "future", "受信日時が未来になっています。日時を確かめてください。"))
        } else if fax.receivedAt < now.adding(seconds: -366 * 86_400) {
            findings.append(Finding("received_at", "old", "受信日時が1年以上前です。日時を確かめてください。"))
        }
        guard findings.isEmpty else { throw Refusal.findings(findings) }
        guard (16...64).contains(fax.id.utf8.count) else { throw Refusal.notFound }
        let line = FaxLine(
            id: fax.id,
            receivedAt: fax.receivedAt,
            institution: fax.institution,
            sender: fax.institution.flatMap { directory[$0]?.name } ?? sender,
            pages: fax.pages,
            memo: memo,
            recorder: caller.viewer.name
        )
        return try await engine.write { connection in
            try self.faxes.put(line, organisation: number, connection)
            // A name that another register has taken is none of ours: nothing is lost without a word.
            guard let stored = try self.faxes.find(line.id, organisation: number, connection) else {
                throw Refusal.notFound
            }
            guard stored.tells(line) else {
                throw Refusal.findings([
                    Finding(
                        "received_at",
                        Self.usedFaxName,
                        "この画面からは、すでに別のFAXの受信を記録しています。内容を確かめて、もう一度「受信を記録する」を押してください。"
                    )
                ])
            }
            return stored
        }
    }

    /// The caller's register.
    public func faxRegister(by caller: Caller) async throws -> FaxRegister {
        let number = try await register(caller)
        return try await engine.read { connection in
            FaxRegister(
                waiting: try self.faxes.waiting(organisation: number, limit: 200, connection),
                closed: try self.faxes.closed(organisation: number, limit: 50, connection),
                count: try self.faxes.backlog(organisation: number, connection).count
            )
        }
    }

    /// A line of the caller's register.
    ///
    /// - Throws: ``Refusal/notFound`` for a line of another one, as for one that doesn't exist.
    public func fax(_ id: String, by caller: Caller) async throws -> FaxLine {
        let number = try await register(caller)
        let found = try await engine.read { try self.faxes.find(id, organisation: number, $0) }
        guard let found else { throw Refusal.notFound }
        return found
    }

    /// 対象から外す: there is nothing to enter.
    public func setFaxAside(
        _ id: String,
        reason: FaxLine.Reason?,
        note: String,
        by caller: Caller
    ) async throws {
        var findings: [Finding] = []
        let note = Self.clean(note, "note", most: Self.mostMemo, multiline: true, &findings)
        if reason == nil { findings.append(Finding("reason", "required", "外す理由を選んでください。")) }
        if reason == .other, note.isEmpty {
            findings.append(Finding("note", "required", "「その他」のときは、理由を書いてください。"))
        }
        guard findings.isEmpty else { throw Refusal.findings(findings) }
        let now = clock()
        try await moveFax(id, by: caller) { line in
            if line.state == .setAside, line.reason != reason || line.note != note {
                throw Refusal.findings([
                    Finding(
                        "reason",
                        "already",
                        "このFAXは、先に「\(line.reason?.label ?? "")」として対象から外されています。理由を変えるときは、受信簿で「未入力に戻す」を押してから、もう一度外してください。"
                    )
                ])
            }
            if line.state == .entered {
                throw Refusal.findings([
                    Finding("reason", "entered", "このFAXは、先に発生届として入力されています。受信簿で確かめてください。")
                ])
            }
            line.state = .setAside
            (line.reason, line.note, line.closer, line.closedAt) = (reason, note, caller.viewer.name, now)
        }
    }

    /// 未入力に戻す: lets a line that was set aside wait again.
    public func returnFax(_ id: String, by caller: Caller) async throws {
        try await moveFax(id, by: caller) { line in
            line.state = .waiting
            (line.reason, line.note, line.closer, line.closedAt) = (nil, "", "", nil)
        }
    }

    private func moveFax(
        _ id: String,
        by caller: Caller,
        _ change: @escaping @Sendable (inout FaxLine) throws -> Void
    ) async throws {
        let number = try await register(caller)
        try await engine.write { connection in
            guard let before = try self.faxes.find(id, organisation: number, connection) else {
                throw Refusal.notFound
            }
            var line = before
            try change(&line)
            // Pressed twice: it stands already where it is wanted.
            guard line.state != before.state else { return }
            guard try self.faxes.move(line, organisation: number, connection) else {
                throw Refusal.forbidden("このFAXは、ほかの人が先に処理しました。受信簿を開き直して確かめてください。")
            }
        }
    }

    /// FAXes that wait at the caller's health centre, or at all those of the caller's headquarters; nil for others.
    public func faxBacklog(by caller: Caller) async throws -> FaxBacklog? {
        let directory = try await directory()
        let own = caller.organisation
        let offices: [Int64]
        switch own.kind {
        case .healthCentre: offices = [own.key].compactMap(directory.number)
        case .prefecture, .city:
            offices = directory.all(.healthCentre).filter { office in
                directory.headquarters(above: office.key).contains { $0.key == own.key }
            }.compactMap { directory.number($0.key) }
        default: return nil
        }
        return try await engine.read { connection in
            var sum = FaxBacklog()
            for office in offices {
                let (count, oldest) = try self.faxes.backlog(organisation: office, connection)
                sum.count += count
                sum.oldest = [sum.oldest, oldest].compactMap { $0 }.min()
            }
            return sum
        }
    }

    /// The number under which the caller's register is kept.
    private func register(_ caller: Caller) async throws -> Int64 {
        guard caller.organisation.kind == .healthCentre else {
            throw Refusal.forbidden("FAX受信簿を使えるのは保健所です。")
        }
        guard let number = try await directory().number(caller.organisation.key) else { throw Refusal.notFound }
        return number
    }

    private static func clean(
        _ text: String,
        _ field: String,
        most: Int,
        multiline: Bool = false,
        _ findings: inout [Finding]
    ) -> String {
        switch TextCleaning.clean(text, multiline: multiline) {
        case .success(let cleaned) where cleaned.unicodeScalars.count <= most: return cleaned
        case .success:
            findings.append(Finding(field, "too_long", "\(most)文字以内で入力してください。"))
        case .failure(let failure):
            findings.append(Finding(field, failure.code, failure.message))
        }
        return ""
    }
}

extension FaxLine {
    /// Whether two lines were written down alike, whatever has become of them.
    fileprivate func tells(_ other: FaxLine) -> Bool {
        (receivedAt, pages, memo) == (other.receivedAt, other.pages, other.memo) && institution == other.institution
            && (institution != nil || sender == other.sender)
    }
}
