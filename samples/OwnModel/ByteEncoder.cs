using System.Text;
using Ist.Runtime.Data;

namespace OwnModel;

/// <summary>A token for each byte of UTF-8, and one that ends a text.</summary>
internal sealed class ByteEncoder : ITextEncoder
{
    public const int VocabSize = 257;

    public int? BosId => null;

    public int EosId => 256;

    public bool AddsBos => false;

    public void Encode(string text, List<int> ids) => ids.AddRange(Encoding.UTF8.GetBytes(text).Select(b => (int)b));
}
