/// What is contradictory or unlikely about a person's items, whatever the form.
///
/// A contradiction that can't be true is refused; what is merely rare is a warning, because rare things happen.
enum Likelihood {
    static func findings(in record: Record, today: CalendarDate) -> [Finding] {
        age(in: record, today: today) + habits(in: record, today: today) + classOfCase(in: record)
            + guardian(in: record, today: today) + unknownAnswers(in: record)
    }

    private static func age(in record: Record, today: CalendarDate) -> [Finding] {
        var result: [Finding] = []
        let entered = record[.ageAtDiagnosis]
        let counted = record[.birthDate].map { $0.age(on: record.referenceDay(today)) }
        if let entered, let counted, counted >= 0, entered != counted {
            result.append(warning("age_at_diagnosis", "診断時の年齢が生年月日から数えた年齢と合いません。どちらかを確かめてください。"))
        }
        if let age = counted ?? entered, age > 110 {
            result.append(
                warning(counted == nil ? "age_at_diagnosis" : "birth_date", "年齢が110歳を超えます。間違いがないか確かめてください。")
            )
        }
        if record[.ageMonths] != nil, let age = counted ?? entered, age != 0 {
            result.append(
                Finding("age_months", "consistency", "月齢は0歳のときだけ入力します。月齢を消すか、年齢を直してください。")
            )
        }
        return result
    }

    private static func habits(in record: Record, today: CalendarDate) -> [Finding] {
        var result: [Finding] = []
        let age = record.age(today)
        if let age, age < 10, let smoking = record[.smoking], smoking == "current" || smoking == "former" {
            result.append(warning("smoking", "10歳未満の方の喫煙が「あり」になっています。間違いがないか確かめてください。"))
        }
        if let age, let start = record[.smokingStartAge], start > age {
            result.append(warning("smoking_start_age", "喫煙開始年齢が今の年齢を超えています。どちらかを確かめてください。"))
        }
        if record[.sex] == "male", record[.pregnancy] == "yes" {
            result.append(warning("pregnancy", "性別が男で、妊娠が「有」になっています。どちらかを確かめてください。"))
        }
        if let onset = record[.onsetOn], let diagnosed = record[.diagnosedOn], diagnosed.days(since: onset) > 60 {
            result.append(warning("onset_on", "発病から診断まで60日を超えています。日付を確かめてください。"))
        }
        return result
    }

    private static func classOfCase(in record: Record) -> [Finding] {
        guard let kind = record[.caseClass] else { return [] }
        var result: [Finding] = []
        let symptoms = record[.notifiedSymptoms] ?? []
        if kind == "asymptomatic" {
            if !symptoms.isEmpty, symptoms != ["none"] {
                result.append(
                    Finding(
                        "notified_symptoms",
                        "consistency",
                        "無症状病原体保有者では、症状は「なし」を選んでください。症状があるときは類型を直してください。"
                    )
                )
            }
            if record[.onsetOn] != nil {
                result.append(warning("onset_on", "無症状病原体保有者に発病年月日が入っています。日付か類型を確かめてください。"))
            }
        } else if kind.isPatient, symptoms == ["none"] {
            result.append(warning("notified_symptoms", "患者で症状が「なし」になっています。症状か類型を確かめてください。"))
        }
        if record[.diedOn] != nil, !kind.isBody {
            result.append(warning("died_on", "死亡年月日は死体を検案したときだけ入力します。日付か類型を確かめてください。"))
        }
        return result
    }

    private static func guardian(in record: Record, today: CalendarDate) -> [Finding] {
        guard let age = record.age(today), age >= Majority.age(on: record.referenceDay(today)) else { return [] }
        let filled = ["guardian_name", "guardian_address", "guardian_phone"].first { record[$0] != nil }
        return filled.map {
            [warning($0, "成年の方に保護者が入力されています。保護者を消すか、生年月日・年齢を確かめてください。")]
        } ?? []
    }

    private static func unknownAnswers(in record: Record) -> [Finding] {
        guard record[.infectedUnknown] == "yes", record[.infectedOn] != nil else { return [] }
        return [
            Finding(
                "infected_unknown",
                "consistency",
                "感染年月日に日付と「不明」の両方が入っています。どちらかを消してください。"
            )
        ]
    }

    static func warning(_ item: String, _ message: String) -> Finding {
        Finding(item, "unlikely", message, severity: .warning)
    }
}

/// The age of majority: twenty until 2022-03-31, eighteen after.
///
/// 民法第4条, as amended in 2018.
enum Majority {
    static func age(on day: CalendarDate) -> Int {
        day.iso < "2022-04-01" ? 20 : 18
    }
}

extension Code {
    /// A living person who is ill: 患者（確定例） or 疑似症患者.
    var isPatient: Bool { self == "confirmed" || self == "suspected" }

    /// A dead person who was examined.
    var isBody: Bool { self == "death" || self == "suspected_death" }
}

extension Record {
    /// The day as of which ages count: of the diagnosis, else of the notification, else today.
    func referenceDay(_ today: CalendarDate) -> CalendarDate {
        self[.diagnosedOn] ?? self[.notifiedOn] ?? today
    }

    /// Age in years as of the diagnosis, from the birth date where that is known.
    func age(_ today: CalendarDate) -> Int? {
        if let birth = self[.birthDate] {
            let age = birth.age(on: referenceDay(today))
            return age >= 0 ? age : nil
        }
        return self[.ageAtDiagnosis] ?? self[.ageMonths].map { _ in 0 }
    }
}
