import Foundation

// Measures the embedded queue by itself, without HTTP: every figure is of messages that are on disk when they are counted.
//
//     QueueBenchmark speed [FOLDER]     sends by 1, 16, 64 and 256 callers; receive and delete at three backlogs
//     QueueBenchmark kill [FOLDER]      kills a sending process 20 times and looks for every acknowledged message
//
// FOLDER is where the store is made, and should be on the disk that matters; the default is the temporary folder.

let arguments = CommandLine.arguments.dropFirst()
let parent = arguments.dropFirst().first ?? FileManager.default.temporaryDirectory.path

switch arguments.first ?? "speed" {
case "speed": try await Speed(parent: parent).run()
case "kill": try await Kill(parent: parent).run()
case "send-until-killed": try await Kill.send(into: parent)
default:
    print("usage: QueueBenchmark [speed|kill] [FOLDER]")
    exit(2)
}
