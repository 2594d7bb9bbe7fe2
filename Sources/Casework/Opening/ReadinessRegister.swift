public import Access
public import Catalogue
import Interchange
public import Storage

/// How a local government stands in the register of readiness.
public struct ReadinessStanding: Sendable {
    /// Its headquarters.
    public let government: Organisation
    /// The answer that counts; nil where there is none.
    public let answer: StoredReadiness?
    /// The name of the organisation that gave it.
    public let giver: String
    /// The day on which its sign-in opens; nil while no common day is set.
    public let opensOn: CalendarDate?
    /// When it was reminded last.
    public let remindedAt: Timestamp?
}

/// The register of readiness with the days that the ministry has set.
public struct ReadinessRegister: Sendable {
    /// All local governments, from north to south.
    public let standings: [ReadinessStanding]
    /// The days, the present ones first; none while nothing was set.
    public let settings: [OpeningSetting]

    /// Who hasn't answered.
    public var unanswered: [ReadinessStanding] { standings.filter { $0.answer == nil } }
}

extension Casework {
    /// The register: who begins when, and who hasn't answered.
    /// - Throws: ``Refusal/notFound`` for anybody but the ministry.
    public func readinessRegister(by caller: Caller) async throws -> ReadinessRegister {
        guard caller.organisation.kind == .ministry else { throw Refusal.notFound }
        let directory = try await directory()
        let store = readinessStore
        let (answers, settings, reminders) = try await engine.read { connection in
            (try store.current(connection), try store.settings(connection), try store.reminders(connection))
        }
        let byGovernment = Dictionary(answers.map { ($0.government, $0) }, uniquingKeysWith: { $1 })
        var days = OpeningDays(common: settings.first?.common)
        for answer in answers {
            if let key = directory.key(answer.government) { days.later[key] = answer.startsOn }
        }
        let standings = directory.governments.map { government in
            let number = directory.number(government.key) ?? 0
            let answer = byGovernment[number]
            let giver = answer.flatMap { directory.key($0.answeredBy) }.flatMap { directory[$0]?.name }
            return ReadinessStanding(
                government: government,
                answer: answer,
                giver: giver ?? "",
                opensOn: days.day(of: government.key),
                remindedAt: reminders[number]
            )
        }
        return ReadinessRegister(standings: standings, settings: settings)
    }

    /// Sets the common day and the last day for answers; nil takes a day back, and without a common day everything
    /// is open.
    ///
    /// - Parameters:
    ///   - common: from this day everybody signs in who hasn't asked for a later one.
    ///   - answerBy: the last day for answers.
    ///   - seen: the setting that the writer had seen, 0 where there was none.
    ///   - caller: who sets them.
    /// - Throws: ``Refusal/notFound`` for anybody but the ministry's issuers, ``Refusal/findings(_:)`` where somebody was
    ///   first, and for a day that would shut everybody out who works already.
    public func setOpeningDays(
        common: CalendarDate?,
        answerBy: CalendarDate?,
        seen: Int,
        by caller: Caller
    ) async throws {
        guard caller.organisation.kind == .ministry, try await duties(of: caller).contains(.issuer) else {
            throw Refusal.notFound
        }
        if let common, let answerBy, answerBy > common {
            throw Refusal.findings([Finding("answer_by", "order", "回答の期限は、共通の利用開始日以前の日にしてください。")])
        }
        let at = changes.time(clock())
        let (store, today) = (readinessStore, today)
        let begun = Refusal.findings([
            Finding("common", "begun", "共通の利用開始日はすでに過ぎています。先の日に変えると、全国で利用できなくなるため、変更できません。")
        ])
        let unchanged = Refusal.findings([Finding("common", "unchanged", "日付は変わっていません。")])
        let past = Refusal.findings([Finding("answer_by", "past", "回答の期限は、今日以降の日にしてください。")])
        let other = Refusal.findings([
            Finding("common", "changed", "ほかの人が先に変更しました。いまの設定を確かめて、もう一度入力してください。")
        ])
        do {
            let isStored = try await engine.write { connection in
                let present = try store.settings(connection).first
                guard present?.version ?? 0 == seen else { return false }
                if let was = present?.common, let common, was <= today, common > today { throw begun }
                guard present?.common != common || present?.answerBy != answerBy else { throw unchanged }
                if let answerBy, answerBy < today, answerBy != present?.answerBy { throw past }
                let setting = OpeningSetting(
                    version: seen + 1,
                    at: at,
                    account: caller.viewer.account,
                    actor: caller.viewer.name,
                    common: common,
                    answerBy: answerBy
                )
                try store.put(setting, connection)
                return true
            }
            guard isStored else { throw other }
        } catch StorageFailure.duplicate {
            throw other
        }
        directories.forget()
    }

    /// Puts a reminder into the notice box of every local government that hasn't answered, once a day at the most.
    ///
    /// - Throws: ``Refusal/notFound`` for anybody but the ministry, ``Refusal/forbidden(_:)`` after the last day, when
    ///   nobody could do what they are reminded of.
    /// - Returns: how many were reminded now, and how many had been already today.
    public func remindOfReadiness(by caller: Caller) async throws -> (reminded: Int, already: Int) {
        guard caller.organisation.kind == .ministry else { throw Refusal.notFound }
        let directory = try await directory()
        let now = clock()
        let (store, box) = (readinessStore, noticeBox)
        let settings = try await engine.read { try store.settings($0).first }
        if let answerBy = settings?.answerBy, answerBy < now.japanDate {
            throw Refusal.forbidden("回答の期限（\(answerBy.monthAndDay)）を過ぎているため、自治体は回答できません。先に期限を先の日に変えてから督促してください。")
        }
        let governments = directory.governments.compactMap { government in
            directory.number(government.key).map { (key: government.key, number: $0) }
        }
        let (reminded, already) = try await engine.write { connection -> ([OrganisationKey], Int) in
            let answered = Set(try store.current(connection).map(\.government))
            var (reminded, already) = ([OrganisationKey](), 0)
            for government in governments where !answered.contains(government.number) {
                let isFirst = try store.remind(
                    government.number,
                    now.japanDate,
                    at: now,
                    account: caller.viewer.account,
                    connection
                )
                guard isFirst else {
                    already += 1
                    continue
                }
                let notice = Notice(
                    organisation: government.key,
                    at: now,
                    kind: .readiness,
                    number: nil,
                    sender: caller.organisation.key
                )
                try box.put(notice, directory: directory, connection)
                reminded.append(government.key)
            }
            return (reminded, already)
        }
        if !reminded.isEmpty { events.publishNotice(to: Set(reminded)) }
        return (reminded.count, already)
    }

    /// The register as CSV.
    /// - Throws: as ``readinessRegister(by:)``.
    public func readinessCSV(by caller: Caller) async throws -> [UInt8] {
        let register = try await readinessRegister(by: caller)
        let header = [
            "都道府県コード", "組織コード", "自治体", "回答", "利用開始日", "理由", "担当者", "電話番号", "メールアドレス",
            "回答日時", "回答者", "回答者の所属", "メールで受けた回答", "最後の督促",
        ]
        let rows = register.standings.map { one in
            [
                one.government.prefecture, one.government.key, one.government.shortName,
                one.answer.map { $0.startsOn == nil ? "共通の日" : "遅らせる" } ?? "未回答", one.opensOn?.iso ?? "",
                one.answer?.reason ?? "", one.answer?.contact ?? "", one.answer?.phone ?? "", one.answer?.mail ?? "",
                one.answer?.at.rfc3339 ?? "", one.answer?.actor ?? "", one.giver,
                one.answer.map { $0.byMail ? "1" : "0" } ?? "", one.remindedAt?.rfc3339 ?? "",
            ]
        }
        return CSVWriter().write(header: header, rows: rows)
    }
}
