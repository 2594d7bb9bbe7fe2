import Access
public import Catalogue
import Storage

/// A person's own report of their health as it was entered.
public struct HealthReport: Sendable {
    /// What it says.
    public var items: Record
    /// The name of the form it was typed into.
    public var form: String
    /// Whether unlikely values were looked at and are kept.
    public var keepsWarnings: Bool

    /// A report.
    public init(items: Record, form: String, keepsWarnings: Bool = false) {
        self.items = items
        self.form = form
        self.keepsWarnings = keepsWarnings
    }
}

extension Casework {
    var observations: ObservationStore { ObservationStore(vault) }

    /// Seconds within which the same contents of the same form are the same report: a second press, a retry.
    ///
    /// Not for ever: a page that lies open overnight is sent again with the same answers, and that is news.
    private static let repeatedWithin: Int64 = 3600
    private static let longestForm = 64

    /// Takes a person's report of their own health: durable when this returns, told to nobody but the parties.
    ///
    /// There are a million and a half of them a day. So the device itself brings which case it is for, everything is
    /// made ready before the writer's turn, and the turn is one look at the link, one row and the chain's end.
    ///
    /// - Parameters:
    ///   - secret: the secret in the link's address.
    ///   - device: what ``openReportLink(_:birthDate:)`` gave to the device.
    ///   - report: what was entered.
    /// - Returns: how urgent the report is, for what to advise, and whom to call.
    /// - Throws: ``Refusal/findings(_:)`` for what is wrong or unlikely, ``Refusal/notFound`` where the link doesn't
    ///   work for this device.
    public func reportHealth(_ secret: String, device: String, _ report: HealthReport) async throws -> HealthReceipt {
        let now = clock()
        let id = try linkID(secret)
        guard let sequence = provedSequence(device, id: id) else { throw Refusal.notFound }
        let findings = HealthCheck.findings(report.items)
        if findings.contains(where: { $0.severity == .refusal }) || (!findings.isEmpty && !report.keepsWarnings) {
            throw Refusal.findings(findings)
        }
        let alarm = Alarm.of(report.items)
        let form =
            report.form.isEmpty || report.form.utf8.count > Self.longestForm ? Secret.random(bytes: 12) : report.form
        let observation = Observation(
            at: now,
            source: .person,
            alarm: alarm.rawValue,
            form: form,
            items: report.items
        )
        let (links, observations) = (reportLinks, self.observations)
        let prepared = try observations.prepare(observation, sequence: sequence)
        let claims = engine.dialect.divides
        enum Outcome {
            case stored(ReportLink)
            case repeated(ReportLink)
            case gone
        }
        let outcome = try await engine.write { connection -> Outcome in
            let since = now.adding(seconds: -Self.repeatedWithin)
            guard let (link, recent) = try links.find(id: id, reportsSince: since, now: now, connection),
                link.sequence == sequence, Self.isOpen(link, now)
            else { return .gone }
            if recent.contains(where: { $0.form == form && $0.items == report.items }) { return .repeated(link) }
            if claims { try links.claim(id: id, connection) }
            try observations.append([prepared], connection)
            return .stored(link)
        }
        switch outcome {
        case .gone: throw Refusal.notFound
        case .repeated(let link):
            // The first answer was lost, and perhaps the telling with it.
            await tell(link)
            return HealthReceipt(alarm: alarm, page: try await page(.questions, link))
        case .stored(let link):
            await tell(link)
            return HealthReceipt(alarm: alarm, page: try await page(.questions, link))
        }
    }

    /// Tells the open pages of the health centre in charge that something has come.
    ///
    /// Who else takes part isn't known without opening the case, which a report must not cost.
    private func tell(_ link: ReportLink) async {
        guard let jurisdiction = link.jurisdiction, let number = vault.caseNumber(link.sequence),
            let office = try? await directory().key(jurisdiction)
        else { return }
        events.publish(CaseEvent(number: number, version: 0, action: "health"), to: [office])
    }
}

/// What a person is told when their report is stored.
public struct HealthReceipt: Sendable {
    /// How urgent it is.
    public let alarm: Alarm
    /// Whom to call.
    public let page: ReportPage
}
