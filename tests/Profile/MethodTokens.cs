using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace MbmsMe.Tests.Profile;

/// <summary>The metadata tokens in the instructions of a method (ECMA-335, partition III).</summary>
internal static class MethodTokens
{
    private static readonly Dictionary<int, OpCode> s_opCodeOf = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value & 0xffff);

    public static IEnumerable<(OpCode Code, EntityHandle Operand)> Read(byte[] il)
    {
        int at = 0;
        while (at < il.Length)
        {
            int value = il[at++];
            if (value == 0xfe)
            {
                value = 0xfe00 | il[at++];
            }

            OpCode code = s_opCodeOf[value];
            switch (code.OperandType)
            {
                case OperandType.InlineNone:
                    yield return (code, default);
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    at += 1;
                    break;
                case OperandType.InlineVar:
                    at += 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    at += 8;
                    break;
                case OperandType.InlineSwitch:
                    at += 4 + (4 * BitConverter.ToInt32(il, at));
                    break;
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    yield return (code, MetadataTokens.EntityHandle(BitConverter.ToInt32(il, at)));
                    at += 4;
                    break;
                default:
                    at += 4;
                    break;
            }
        }
    }
}
