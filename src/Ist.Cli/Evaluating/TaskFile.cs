using Ist.Cli.Settings;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Evaluation;

namespace Ist.Cli.Evaluating;

/// <summary>Reads tasks: a built-in one by its name, or a user's own YAML or JSON file by its path.</summary>
internal static class TaskFile
{
    private static readonly (string Word, TaskKind Kind)[] _kinds =
        [("multiple_choice", TaskKind.MultipleChoice), ("generation", TaskKind.Generation), ("classification", TaskKind.Classification)];

    /// <summary>The kinds by the words for them.</summary>
    public static SettingKind<TaskKind> Kind { get; } = SettingKind.Choice(_kinds);

    private static readonly Setting<TaskKind> _kind = new("kind", "KIND", Kind, "How rows are answered");
    private static readonly Setting<string> _prompt = new("prompt", "TEXT", SettingKind.AnyText("a text with {fields}"), "What a decoder reads");
    private static readonly Setting<string> _leadIn = new("lead-in", "TEXT", SettingKind.AnyText("a text"), "Follows the prompt where choices are compared");
    private static readonly Setting<string> _separator = new("separator", "TEXT", SettingKind.AnyText("a text"), "Stands before a choice");
    private static readonly Setting<IReadOnlyList<string>> _choices = new("choices", "LIST", SettingKind.Texts("a list of texts with {fields}"), "The choices");
    private static readonly Setting<string> _choicesField = new("choices-field", "FIELD", SettingKind.Text("a field"), "The field with the choices");
    private static readonly Setting<string> _listedIn = new("listed-in", "FIELD", SettingKind.Text("a field"), "The field that says which choices a row offers");
    private static readonly Setting<IReadOnlyList<string>> _labels = new("labels", "LIST", SettingKind.Texts("a list of texts"), "What the answer's field has for the choices");
    private static readonly Setting<string> _answer = new("answer", "FIELD", SettingKind.Text("a field"), "The field with the right answer");
    private static readonly Setting<IReadOnlyList<string>> _texts = new("texts", "LIST", SettingKind.Texts("one or two fields"), "What a classifier reads");
    private static readonly Setting<string> _pattern = new("pattern", "REGEX", SettingKind.Text("a regular expression"), "Finds the answer in a generated text");
    private static readonly Setting<bool> _last = new("take", "WHICH", SettingKind.Choice(("first", false), ("last", true)), "Which match is the answer");
    private static readonly Setting<string> _remove = new("remove", "TEXT", SettingKind.AnyText("a text"), "Removed from the text before");
    private static readonly Setting<AnswerComparison> _compare = new("compare", "HOW",
        SettingKind.Choice(("text", AnswerComparison.Text), ("number", AnswerComparison.Number)), "When an answer is right");
    private static readonly Setting<string> _until = new("until", "TEXT", SettingKind.Text("a text"), "A generated text ends before it");
    private static readonly Setting<int> _maxNewTokens = new("max-new-tokens", "N", SettingKind.Integer(1), "The most tokens of a generated text");

    private static readonly IReadOnlyList<Setting> _settings =
    [
        _kind, _prompt, _leadIn, _separator, _choices, _choicesField, _listedIn, _labels, _answer, _texts, _pattern, _last, _remove, _compare, _until, _maxNewTokens,
    ];

    /// <summary>The word for a kind.</summary>
    public static string Name(TaskKind kind) => _kinds.First(k => k.Kind == kind).Word;

    /// <summary>Reads a task.</summary>
    /// <param name="name">The name of a built-in one, or the path of a file that ends in .yaml, .yml or .json.</param>
    /// <exception cref="InputException">There is no such task, or its file is wrong; names the line.</exception>
    public static TaskDefinition Load(string name)
    {
        if (Path.GetExtension(name).ToLowerInvariant() is ".yaml" or ".yml" or ".json")
            return Define(Path.GetFileNameWithoutExtension(name), RunFile.Load(name, _settings, "task"));
        byte[] bytes = BuiltInTasks.Find(name) ?? throw new InputException(
            $"--task is '{name}', which is no built-in task{NearestName.Hint(name, BuiltInTasks.Names)}; expected one of {string.Join(", ", BuiltInTasks.Names)}, or a task's own .yaml file");
        return Define(name, RunFile.Read($"{name}.yaml", bytes, _settings, "task"));
    }

    private static TaskDefinition Define(string name, RunFile file)
    {
        if (file.Find(_choices) is { } listed && file.Find(_choicesField) is not null)
            throw new InputException($"{listed.Origin} and '{_choicesField.Key}' exclude each other; give one of them");
        PromptTemplate? Template(Setting<string> setting) => file.Find(setting) is { } given ? new PromptTemplate(given.Origin, setting.Read(given)) : null;
        return new TaskDefinition
        {
            Name = name,
            Kind = Require(file, _kind),
            Prompt = Template(_prompt),
            LeadIn = Get(file, _leadIn, ""),
            Separator = Get(file, _separator, " "),
            Choices = [.. Get(file, _choices, []).Select(choice => new PromptTemplate(file.Find(_choices)!.Origin, choice))],
            ChoicesField = GetOrNull(file, _choicesField),
            ListedIn = GetOrNull(file, _listedIn),
            Labels = Get(file, _labels, []),
            Answer = Require(file, _answer),
            Texts = Get(file, _texts, []),
            Extraction = file.Find(_pattern) is not { } pattern ? null : new AnswerExtraction(pattern.Origin, _pattern.Read(pattern))
            {
                TakesLast = Get(file, _last, false),
                Removed = Get(file, _remove, ""),
                Comparison = Get(file, _compare, AnswerComparison.Text),
            },
            Until = GetOrNull(file, _until),
            MaxNewTokens = Get(file, _maxNewTokens, 32),
        };
    }

    private static T Get<T>(RunFile file, Setting<T> setting, T fallback) => file.Find(setting) is { } given ? setting.Read(given) : fallback;

    private static string? GetOrNull(RunFile file, Setting<string> setting) => file.Find(setting) is { } given ? setting.Read(given) : null;

    private static T Require<T>(RunFile file, Setting<T> setting) => file.Find(setting) is { } given ? setting.Read(given)
        : throw new InputException($"{file.Path}: the key '{setting.Key}' is missing: {setting.Option.Description!.ToLowerInvariant()}");
}
