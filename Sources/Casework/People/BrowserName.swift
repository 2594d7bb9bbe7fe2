/// The family of a browser and its system, by which somebody recognises a session of their own.
enum BrowserName {
    /// The word in the header `User-Agent` and what it is called; the first that stands in it counts, for every browser
    /// names those that it wants to be taken for, too.
    private static let browsers = [
        ("edg/", "Edge"), ("edga/", "Edge"), ("edgios/", "Edge"), ("opr/", "Opera"), ("samsungbrowser/", "Samsung"),
        ("firefox/", "Firefox"), ("fxios/", "Firefox"), ("crios/", "Chrome"), ("chrome/", "Chrome"),
        ("trident/", "Internet Explorer"), ("version/", "Safari"),
    ]
    private static let systems = [
        ("windows", "Windows"), ("iphone", "iPhone"), ("ipad", "iPad"), ("android", "Android"), ("cros", "ChromeOS"),
        ("mac os", "Mac"), ("linux", "Linux"),
    ]

    /// Such as `Edge（Windows）`; nothing of the text itself is kept.
    static func of(_ userAgent: String) -> String {
        let text = userAgent.prefix(500).lowercased()
        let browser = browsers.first { text.contains($0.0) }?.1
        let system = systems.first { text.contains($0.0) }?.1
        guard let browser else { return system ?? "" }
        return system.map { "\(browser)（\($0)）" } ?? browser
    }
}
