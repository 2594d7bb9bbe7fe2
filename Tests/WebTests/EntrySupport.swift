import Access
import Casework
import Catalogue
import Foundation
import Testing

@testable import Web

/// What a doctor types for an ordinary case: only what is required.
enum EntrySamples {
    static let report: [(String, String)] = [
        ("notified_on", "2020/6/5"), ("notifier_name", "東 京子"), ("notifier_institution", "みなと病院"),
        ("notifier_address", "東京都港区芝1-1-1"), ("notifier_phone", "03-1234-5678"), ("jurisdiction", "hc-a"),
        ("case_class", ""), ("case_class", "confirmed"), ("family_name", "髙橋"), ("given_name", "花子"),
        ("family_kana", "たかはし"), ("given_kana", "はなこ"), ("sex", ""), ("sex", "female"),
        ("birth_date", "S61.4.1"), ("occupation", "小学校教諭"), ("postal_code", "１０８－００１４"),
        ("address_municipality", "131032"), ("address_line", "芝2-2-2"), ("phone", "090-1111-2222"),
        ("stay_same", "1"), ("stay_municipality", ""), ("stay_line", ""), ("notified_symptoms", ""),
        ("notified_symptoms", "fever"), ("notified_symptoms", "cough"), ("diagnosis_method", ""),
        ("diagnosis_method", "pcr"), ("tests.0.method", ""), ("tests.0.specimen", ""),
        ("tests.0.specimen", "saliva"), ("tests.0.specimen_on", "20200603"), ("tests.0.result", ""),
        ("tests.0.result", "positive"), ("first_visit_on", "令和2年6月3日"), ("diagnosed_on", "R2.6.4"),
        ("infected_on", "不明"), ("infected_unknown", ""), ("onset_on", "2020/6/1"), ("route_certainty", ""),
        ("route_certainty", "unknown"), ("region_certainty", ""), ("region_certainty", "unknown"),
    ]

    /// The sample with fields changed; nil takes a field out.
    static func report(_ changes: [String: String?]) -> [(String, String)] {
        report.filter { !changes.keys.contains($0.0) }
            + changes.compactMap { name, text in text.map { (name, $0) } }
    }
}

extension Browser {
    /// Opens the form anew and returns its draft.
    func newDraft(_ path: String = "/cases/new") async throws -> String {
        let answer = try await get(path)
        let location = try #require(answer.header("Location"))
        #expect(answer.status == 303)
        return String(location.split(separator: "=").last ?? "")
    }

    /// Files the sample report; returns the answer.
    func file(
        _ changes: [String: String?] = [:],
        draft: String? = nil,
        more: [(String, String)] = []
    ) async throws -> Answer {
        let draft = if let draft { draft } else { try await newDraft() }
        return try await post("/cases/new", [("draft", draft)] + EntrySamples.report(changes) + more)
    }

    /// Files the sample report and returns its number.
    func filed(_ changes: [String: String?] = [:]) async throws -> CaseNumber {
        let answer = try await file(changes)
        return try Self.number(answer)
    }

    /// The case that an answer leads to.
    static func number(_ answer: Answer) throws -> CaseNumber {
        let location = try #require(answer.header("Location"), "\(answer.status)")
        let digits = location.split(whereSeparator: { "/?#".contains($0) })[1]
        return try CaseNumber.read(String(digits)).get()
    }
}

extension Answer {
    /// Whether a field of the page has a value.
    func holds(_ name: String, _ value: String) -> Bool {
        text.contains(#"name="\#(name)" type="text" value="\#(value)""#)
            || text.contains(#"name="\#(name)" type="tel" value="\#(value)""#)
    }
}
