/// The format of story files as a JSON Schema (draft 2020-12), made from the declarations that read them.
public enum StorySchema {
    public static func text() -> String { PolicySchema.text(of: StorySection.file, title: "weir story file") }
}
