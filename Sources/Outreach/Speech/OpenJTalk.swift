import Crypto
import Foundation

/// A Japanese voice: Open JTalk (Debian's `open-jtalk`) with its dictionary and a voice file.
///
/// It speaks fixed texts only, ``Clip/all``; what it has spoken is kept in files named by what they hold.
public struct OpenJTalk: Sendable {
    /// Why there is no speech.
    public enum Failure: Error, Sendable, Hashable {
        /// The voice file (`.htsvoice`) can't be read.
        case noVoice
        /// The program `open_jtalk` or its dictionary isn't there, or doesn't speak.
        case noProgram
        /// The folder of the sounds can't be written.
        case noFolder
    }

    private let voice: String
    private let dictionary: String
    private let folder: String

    /// Debian's place of the dictionary.
    public static let usualDictionary = "/var/lib/mecab/dic/open-jtalk/naist-jdic"

    /// A voice.
    ///
    /// - Parameters:
    ///   - voice: the path of the voice file.
    ///   - dictionary: the folder of the dictionary.
    ///   - folder: where sounds are kept.
    public init(voice: String, dictionary: String = usualDictionary, folder: String) {
        self.voice = voice
        self.dictionary = dictionary
        self.folder = folder
    }

    /// Every piece of speech, from the folder or spoken now: some seconds the first time.
    public func sounds() async throws(Failure) -> [Clip: Sound] {
        guard let bytes = FileManager.default.contents(atPath: voice), !bytes.isEmpty else { throw .noVoice }
        let mark = SHA256.hash(data: bytes).map { $0 }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch { throw .noFolder }
        var result: [Clip: Sound] = [:]
        for clip in Clip.all { result[clip] = try await sound(clip.reading, mark) }
        return result
    }

    /// Named by voice, text and the way it is made: whatever changes, another file is made.
    private func path(_ reading: String, _ mark: [UInt8]) -> String {
        let name = SHA256.hash(data: mark + Array("1\n\(reading)".utf8)).prefix(12)
        return "\(folder)/\(name.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()).wav"
    }

    private func sound(_ reading: String, _ mark: [UInt8]) async throws(Failure) -> Sound {
        let path = path(reading, mark)
        if let kept = FileManager.default.contents(atPath: path), let read = Sound.read(Array(kept)),
            read.rate == Sound.rate, !read.samples.isEmpty
        {
            return Sound(samples: read.samples)
        }
        guard let spoken = await speak(reading, beside: path), let sound = Sound(voice: spoken) else {
            throw .noProgram
        }
        // Under another name first: two processes may do this at once, and one may be ended in the middle.
        let part = "\(path).\(UUID().uuidString).part"
        guard FileManager.default.createFile(atPath: part, contents: Data(sound.file)),
            rename(part, path) == 0
        else { throw .noFolder }
        return sound
    }

    /// What the program says, as a file of its own rate.
    private func speak(_ reading: String, beside path: String) async -> [UInt8]? {
        let name = "\(path).\(UUID().uuidString)"
        let (input, output) = ("\(name).txt", "\(name).raw")
        defer {
            unlink(input)
            unlink(output)
        }
        guard FileManager.default.createFile(atPath: input, contents: Data("\(reading)\n".utf8)) else { return nil }
        let text = open(input, O_RDONLY | O_CLOEXEC)
        guard text >= 0 else { return nil }
        let child = ChildProcess.start(
            ["open_jtalk", "-x", dictionary, "-m", voice, "-ow", output],
            input: text,
            output: nil
        )
        close(text)
        guard let child, await ChildProcess.ended(child) else { return nil }
        return FileManager.default.contents(atPath: output).map(Array.init)
    }
}
