public import Access
public import Catalogue
import Foundation
public import Storage

/// A local government's answer when it begins, as it is typed.
public struct ReadinessDraft: Sendable {
    /// Whether it begins on the common day.
    public var onCommonDay: Bool
    /// Its own day where it begins later.
    public var startsOn: CalendarDate?
    /// Why later.
    public var reason: String
    /// Whom to ask.
    public var contact: String
    /// Their telephone.
    public var phone: String
    /// Their mail address.
    public var mail: String
    /// Whether the answer came to the ministry by mail.
    public var byMail: Bool
    /// The answer that the writer had seen, 0 where there was none.
    public var seen: Int

    /// An answer.
    public init(
        onCommonDay: Bool,
        startsOn: CalendarDate? = nil,
        reason: String = "",
        contact: String,
        phone: String,
        mail: String,
        byMail: Bool = false,
        seen: Int
    ) {
        self.onCommonDay = onCommonDay
        self.startsOn = startsOn
        self.reason = reason
        self.contact = contact
        self.phone = phone
        self.mail = mail
        self.byMail = byMail
        self.seen = seen
    }
}

/// A local government's answers and what the reader may do with them.
public struct ReadinessPage: Sendable {
    /// The headquarters that it is for.
    public let government: Organisation
    /// All answers, the present one first.
    public let answers: [StoredReadiness]
    /// Names of the organisations that gave them.
    public let givers: [Int64: String]
    /// The common day, nil while none is set.
    public let common: CalendarDate?
    /// The last day on which the answer may be changed.
    public let answerBy: CalendarDate?
    /// The day on which its sign-in opens, nil while no common day is set.
    public let opensOn: CalendarDate?
    /// Whether the reader may answer now.
    public let mayAnswer: Bool
    /// Whether the reader enters for others: the ministry.
    public let entersForOthers: Bool
}

extension Casework {
    /// Characters of a name and of a mail address.
    private static let longestContact = 60

    /// The answers of the caller's own local government, or of the one that the ministry asks for.
    ///
    /// - Throws: ``Refusal/notFound`` for whoever isn't of its headquarters or health centres.
    public func readiness(of key: OrganisationKey? = nil, by caller: Caller) async throws -> ReadinessPage {
        let directory = try await directory()
        let (government, number) = try Self.government(key, caller, directory)
        let store = readinessStore
        let (answers, setting) = try await engine.read { connection in
            (try store.answers(of: number, connection), try store.settings(connection).first)
        }
        let names = Dictionary(
            answers.map(\.answeredBy).map { ($0, directory.key($0).flatMap { directory[$0]?.name } ?? "") },
            uniquingKeysWith: { $1 }
        )
        var days = OpeningDays(common: setting?.common)
        if let starts = answers.first?.startsOn { days.later[government.key] = starts }
        return ReadinessPage(
            government: government,
            answers: answers,
            givers: names,
            common: setting?.common,
            answerBy: setting?.answerBy,
            opensOn: days.day(of: government.key),
            mayAnswer: Self.mayAnswer(caller, government, setting, today: today),
            entersForOthers: caller.organisation.kind == .ministry
        )
    }

    /// The government of a key, or the caller's own, where the caller may know its answers.
    private static func government(
        _ key: OrganisationKey?,
        _ caller: Caller,
        _ directory: Directory
    ) throws -> (Organisation, Int64) {
        let isMinistry = caller.organisation.kind == .ministry
        guard isMinistry || caller.organisation.isGovernment || caller.organisation.kind == .healthCentre else {
            throw Refusal.notFound
        }
        let own = directory.government(of: caller.organisation)
        let asked = key.flatMap { directory[$0] }
        guard let government = key == nil ? own : asked, government.isGovernment,
            isMinistry || government.key == own?.key, let number = directory.number(government.key)
        else { throw Refusal.notFound }
        return (government, number)
    }

    /// Headquarters answer until the last day, the ministry at any time.
    ///
    /// A health centre reads what its headquarters has answered: two answers of one government would contradict each
    /// other.
    private static func mayAnswer(
        _ caller: Caller,
        _ government: Organisation,
        _ setting: OpeningSetting?,
        today: CalendarDate
    ) -> Bool {
        if caller.organisation.kind == .ministry { return true }
        guard caller.organisation.key == government.key else { return false }
        return setting?.answerBy.map { today <= $0 } ?? true
    }

    /// Answers for a local government, or changes its answer; every answer stays in the history.
    ///
    /// - Throws: ``Refusal/notFound`` as ``readiness(of:by:)``, ``Refusal/forbidden(_:)`` after the last day and for
    ///   health centres, ``Refusal/findings(_:)``.
    public func answerReadiness(
        of key: OrganisationKey? = nil,
        _ draft: ReadinessDraft,
        by caller: Caller
    ) async throws {
        let directory = try await directory()
        let (government, number) = try Self.government(key, caller, directory)
        let now = clock()
        let at = changes.time(now)
        let byMinistry = caller.organisation.kind == .ministry
        let store = readinessStore
        enum Outcome {
            case stored
            case refused(Refusal)
        }
        let outcome: Outcome
        do {
            outcome = try await engine.write { connection -> Outcome in
                let setting = try store.settings(connection).first
                guard Self.mayAnswer(caller, government, setting, today: now.japanDate) else {
                    return .refused(Self.mayNotAnswer(caller, setting))
                }
                let present = try store.answers(of: number, connection).first
                let version = present?.version ?? 0
                var (cleaned, findings) = Self.checked(draft, setting, present?.startsOn, today: now.japanDate)
                if !byMinistry, Self.shuts(cleaned, setting, present?.startsOn, today: now.japanDate) {
                    findings.append(Self.alreadyOpen)
                }
                guard findings.isEmpty else { return .refused(.findings(findings)) }
                guard version == draft.seen else { return .refused(Self.otherAnswer) }
                try store.put(
                    StoredReadiness(
                        government: number,
                        version: version + 1,
                        at: at,
                        account: caller.viewer.account,
                        answeredBy: directory.number(caller.organisation.key) ?? 0,
                        actor: caller.viewer.name,
                        byMail: byMinistry && draft.byMail,
                        startsOn: cleaned.onCommonDay ? nil : cleaned.startsOn,
                        reason: cleaned.reason,
                        contact: cleaned.contact,
                        phone: cleaned.phone,
                        mail: cleaned.mail
                    ),
                    connection
                )
                return .stored
            }
        } catch StorageFailure.duplicate {
            throw Self.otherAnswer
        }
        if case .refused(let refusal) = outcome { throw refusal }
        // The day from which its people may sign in may be another one now.
        directories.forget()
    }

    private static let otherAnswer = Refusal.findings([
        Finding("start", "changed", "ほかの人が先に回答しました。いまの回答を確かめて、もう一度入力してください。")
    ])

    private static func mayNotAnswer(_ caller: Caller, _ setting: OpeningSetting?) -> Refusal {
        guard caller.organisation.isGovernment else {
            return .forbidden("導入準備状況は、都道府県・保健所設置市・特別区の本庁が回答します。")
        }
        let day = setting?.answerBy.map { "（\($0.monthAndDay)）" } ?? ""
        return .forbidden("回答の期限\(day)を過ぎました。変更するときは厚生労働省に連絡してください。")
    }

    /// Whether an answer puts off a beginning that has been: all who work there, and their programs, would be shut
    /// out at once.
    private static func shuts(
        _ draft: ReadinessDraft,
        _ setting: OpeningSetting?,
        _ present: CalendarDate?,
        today: CalendarDate
    ) -> Bool {
        guard let common = setting?.common else { return false }
        let (before, after) = (max(common, present ?? common), draft.onCommonDay ? common : draft.startsOn ?? common)
        return before <= today && max(common, after) > today
    }

    private static let alreadyOpen = Finding(
        "starts_on",
        "begun",
        "すでに利用を開始しています。開始日を先に延ばすと、全員が利用できなくなります。どうしても必要なときは、厚生労働省に連絡してください。"
    )

    /// The answer as it is stored, and what is wrong with it.
    ///
    /// A day that has come since it was answered stays: a new telephone number can still be entered.
    private static func checked(
        _ draft: ReadinessDraft,
        _ setting: OpeningSetting?,
        _ present: CalendarDate?,
        today: CalendarDate
    ) -> (ReadinessDraft, [Finding]) {
        var (draft, findings) = (draft, [Finding]())
        func clean(_ name: String, _ text: String, multiline: Bool, most: Int, missing: String?) -> String {
            switch TextCleaning.clean(text, multiline: multiline) {
            case .failure(let failure): findings.append(Finding(name, failure.code, failure.message))
            case .success(let cleaned):
                if cleaned.isEmpty, let missing { findings.append(Finding(name, "required", missing)) }
                if cleaned.count > most || cleaned.utf8.count > 8 * most {
                    findings.append(Finding(name, "length", "\(most)文字以内にしてください。"))
                }
                return cleaned
            }
            return ""
        }
        if draft.onCommonDay {
            draft.reason = ""
        } else {
            switch draft.startsOn {
            case nil:
                findings.append(Finding("starts_on", "required", "利用を開始する日を入力してください。例：2020/6/15"))
            case let day? where day != present && !(today...today.adding(days: 366)).contains(day):
                findings.append(Finding("starts_on", "range", "利用を開始する日は、今日から1年以内の日にしてください。"))
            case let day?:
                if let common = setting?.common, day <= common {
                    findings.append(
                        Finding(
                            "starts_on",
                            "order",
                            "共通の利用開始日（\(common.monthAndDay)）より後の日にしてください。共通の日に始めるときは「共通の日に開始する」を選んでください。"
                        )
                    )
                }
            }
            draft.reason = clean(
                "reason",
                draft.reason,
                multiline: true,
                most: longestReason,
                missing: "開始を遅らせる理由を入力してください。"
            )
        }
        draft.contact = clean(
            "contact",
            draft.contact,
            multiline: false,
            most: longestContact,
            missing: "担当者の部署と氏名を入力してください。"
        )
        switch PhoneNumber.read(draft.phone) {
        case .success(let number): draft.phone = number.typed
        case .failure(let failure): findings.append(Finding("phone", failure.code, failure.message))
        }
        draft.mail = clean("mail", draft.mail.nfkc, multiline: false, most: 254, missing: "メールアドレスを入力してください。")
        if !draft.mail.isEmpty, !isMail(draft.mail) {
            findings.append(Finding("mail", "format", "メールアドレスを「name@example.lg.jp」の形で入力してください。"))
        }
        return (draft, findings)
    }

    /// Whether a text has the form of a mail address; whether somebody reads it only a mail can tell.
    private static func isMail(_ text: String) -> Bool {
        text.range(of: #"^[^@\s<>",;:]{1,64}@([a-zA-Z0-9-]{1,63}\.)+[a-zA-Z]{2,63}$"#, options: .regularExpression)
            != nil
    }
}
