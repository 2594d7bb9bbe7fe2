public import Access
public import Catalogue
import Storage

/// What somebody who opens a link for health reports may do.
public struct ReportPage: Sendable {
    /// Where the link stands.
    public enum State: Sendable, Hashable {
        /// The birth date is asked first.
        case birthDate
        /// The device has given the birth date: it may report.
        case questions
        /// Too many wrong birth dates.
        case locked
        /// A newer link was issued, the care has ended, or its time is over.
        case closed
    }

    /// Where the link stands.
    public let state: State
    /// The health centre in charge: whom to call.
    public let office: Organisation?
    /// The name of a fresh form: sent twice it makes one report.
    public let form: String
}

extension Casework {
    var reportLinks: ReportLinkStore { ReportLinkStore(vault) }

    /// Wrong birth dates that lock a link.
    public static let reportLinkTries = 10
    /// A link ends with the care; whatever is forgotten ends after these seconds.
    private static let reportLinkLife: Int64 = 60 * 86_400
    /// Letters of a link's secret at the most: anything longer isn't even looked up.
    private static let longestSecret = 64

    // MARK: Staff

    /// 健康観察用のURLを発行: gives a new link to a case; earlier ones of the case stop.
    ///
    /// - Returns: the secret in the link's address; it is told this once and can't be found again.
    /// - Throws: ``Refusal/notFound``, ``Refusal/forbidden(_:)`` for whoever may not write health reports, or where
    ///   there is no birth date to ask for.
    public func issueReportLink(_ number: CaseNumber, by caller: Caller) async throws -> String {
        let directory = try await directory()
        let now = clock()
        let secret = Secret.random(bytes: 16)
        let links = reportLinks
        let id = links.id(of: secret)
        let reading = Reading(
            at: now,
            account: caller.viewer.account,
            organisation: directory.number(caller.organisation.key) ?? 0,
            address: caller.address,
            what: "report_link",
            sections: [.observation],
            cases: [number],
            through: caller.channel.rawValue
        )
        try await engine.write { connection in
            guard let file = try self.cases.load(number, connection),
                let permission = Gate.permission(file, caller.viewer, on: now.japanDate)
            else { throw Refusal.notFound }
            guard Self.mayIssueReportLink(permission) else {
                throw Refusal.forbidden("健康観察用のURLを発行する権限がありません。")
            }
            guard let birthDate = file.items[.birthDate] else {
                throw Refusal.forbidden("本人の確認に生年月日を使うため、生年月日を入力してからURLを発行してください。")
            }
            guard !Self.isOver(file.items[.status]) else {
                throw Refusal.forbidden("療養・待機が終わっているため、健康観察用のURLは発行できません。")
            }
            let sequence = self.vault.sequence(number)
            try links.stop(sequence: sequence, at: now, connection)
            try links.create(
                id: id,
                sequence: sequence,
                proof: links.proof(of: birthDate, id: id),
                at: now,
                until: now.adding(seconds: Self.reportLinkLife),
                connection
            )
            try self.readings.put(reading, connection)
        }
        return secret
    }

    /// Whether a viewer of a case may give out links: whoever writes health reports.
    public static func mayIssueReportLink(_ permission: Permission) -> Bool {
        permission.writes(.observation)
    }

    /// Whether nobody reports any more: released, died, not a case after all.
    private static func isOver(_ status: Code?) -> Bool {
        ["released", "died", "negative"].contains(status?.rawValue ?? "")
    }

    // MARK: The person

    /// What a link's page shows.
    ///
    /// - Parameters:
    ///   - secret: the secret in the address.
    ///   - device: what ``openReportLink(_:birthDate:)`` gave to the device, nil where it has none.
    /// - Returns: what may be done, and whom to call.
    /// - Throws: ``Refusal/notFound`` where there never was such a link.
    public func reportPage(_ secret: String, device: String?) async throws -> ReportPage {
        let now = clock()
        let id = try linkID(secret)
        guard let link = try await engine.read({ try self.reportLinks.find(id: id, $0) }) else {
            throw Refusal.notFound
        }
        let isProved = device.flatMap { provedSequence($0, id: id) } == link.sequence
        let state: ReportPage.State =
            if !Self.isOpen(link, now) {
                .closed
            } else if isProved {
                .questions
            } else {
                link.failures >= Self.reportLinkTries ? .locked : .birthDate
            }
        return try await page(state, link)
    }

    /// A link's page with the health centre to call.
    func page(_ state: ReportPage.State, _ link: ReportLink) async throws -> ReportPage {
        let directory = try await directory()
        return ReportPage(
            state: state,
            office: link.jurisdiction.flatMap { directory.key($0) }.flatMap { directory[$0] },
            form: Secret.random(bytes: 12)
        )
    }

    /// First use on a device: the person's birth date opens the link.
    ///
    /// - Returns: what the device shows from now on instead of the birth date.
    /// - Throws: ``Refusal/findings(_:)`` for a wrong birth date, ``Refusal/notFound`` where the link doesn't work.
    public func openReportLink(_ secret: String, birthDate: CalendarDate) async throws -> String {
        let now = clock()
        let id = try linkID(secret)
        let links = reportLinks
        let proof = links.proof(of: birthDate, id: id)
        enum Outcome {
            case opened(Int64)
            case wrong(left: Int)
            case gone
        }
        // A failure is counted in the transaction that compares: many guesses at once are no more guesses.
        let outcome = try await engine.write { connection -> Outcome in
            guard let link = try links.find(id: id, connection), Self.isOpen(link, now),
                link.failures < Self.reportLinkTries
            else { return .gone }
            if sameBytes(link.proof, proof) { return .opened(link.sequence) }
            try links.countFailure(id: id, connection)
            return .wrong(left: Self.reportLinkTries - link.failures - 1)
        }
        switch outcome {
        case .opened(let sequence): return try deviceProof(sequence, id: id)
        case .wrong(left: 0), .gone: throw Refusal.notFound
        case .wrong(let left):
            let words = Wording(
                "生年月日が登録されているものと違います。あと\(left)回まちがえると、このURLは使えなくなります。",
                "This is not the date of birth that we have. Tries left before this link stops working: \(left)."
            )
            throw Refusal.findings([Finding("birth_date", "wrong", words)])
        }
    }

    /// Whether a link works for whoever has given the birth date: a locked one does, or anybody could lock a person out.
    static func isOpen(_ link: ReportLink, _ now: Timestamp) -> Bool {
        link.stoppedAt == nil && now < link.until && !isOver(link.status)
    }

    func linkID(_ secret: String) throws -> [UInt8] {
        guard (16...Self.longestSecret).contains(secret.utf8.count) else { throw Refusal.notFound }
        return reportLinks.id(of: secret)
    }

    // MARK: The device's proof

    /// What a device keeps: the case's place and the link, sealed, so that a report is made ready without reading.
    private func deviceProof(_ sequence: Int64, id: [UInt8]) throws -> String {
        let place = withUnsafeBytes(of: sequence.littleEndian) { Array($0) }
        return Hex.text(try vault.seal(place + id, "report-device", 0))
    }

    /// The case that a device has given the birth date of, through the link with that digest.
    func provedSequence(_ device: String, id: [UInt8]) -> Int64? {
        guard device.utf8.count <= 400, let sealed = Hex.bytes(device),
            let opened = try? vault.open(sealed, "report-device", 0), opened.count == 8 + id.count,
            sameBytes(opened.dropFirst(8), id)
        else { return nil }
        return opened.withUnsafeBytes { Int64(littleEndian: $0.loadUnaligned(as: Int64.self)) }
    }
}
